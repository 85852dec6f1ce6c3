namespace Sagitta.Physics.Interactions;

/// <summary>A smooth function of momentum, tabulated over its logarithm so that transport needs no logarithms of its own.</summary>
internal sealed class MomentumTable
{
    private const double Lowest = 0.1;
    private const double Highest = 1e5;
    private const int PerOctave = 4;
    private readonly double[] _values;

    public MomentumTable(Func<double, double> function)
    {
        _values = new double[(int)(Math.Log2(Highest / Lowest) * PerOctave) + 2];
        for (int i = 0; i < _values.Length; i++)
        {
            _values[i] = function(Lowest * Math.Pow(2, (double)i / PerOctave));
        }
    }

    /// <summary>The value at a momentum in GeV, linear in its logarithm; the border's value beyond 0.1 .. 100,000 GeV.</summary>
    public double At(double momentum)
    {
        double at = Math.Clamp(Math.Log2(momentum / Lowest) * PerOctave, 0, _values.Length - 2);
        int i = (int)at;
        return _values[i] + ((at - i) * (_values[i + 1] - _values[i]));
    }
}
