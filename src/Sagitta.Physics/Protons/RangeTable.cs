namespace Sagitta.Physics.Protons;

/// <summary>
/// Range against energy in a stack of slabs taken as mixed, by the continuous slowing down approximation; mm along the path and MeV. Linear
/// between nodes: of the range every 0.25 MeV, of its inverse over the root of the range.
/// </summary>
internal sealed class RangeTable
{
    /// <summary>Highest energy, MeV.</summary>
    public const double Highest = 300;

    private const double EnergyStep = 0.25;
    private const int RootNodes = 2048;
    private readonly double[] _range;
    private readonly double[] _energy;
    private readonly double _nodesPerRoot;

    /// <summary>Tabulates slabs; thicknesses are weights.</summary>
    public RangeTable(IReadOnlyList<CompoundSlab> slabs)
    {
        double length = slabs.Sum(slab => slab.Thickness);
        double Loss(double energy) => slabs.Sum(slab => ProtonStopping.Loss(slab.Material, energy) * slab.Thickness) / length;
        _range = new double[(int)(Highest / EnergyStep) + 2];
        for (int i = 1; i < _range.Length; i++)
        {
            // Simpson's rule on each interval.
            double low = (i - 1) * EnergyStep;
            double inverse = (1 / Loss(low)) + (4 / Loss(low + (EnergyStep / 2))) + (1 / Loss(low + EnergyStep));
            _range[i] = _range[i - 1] + (EnergyStep * inverse / 6);
        }

        _energy = new double[RootNodes + 2];
        _nodesPerRoot = RootNodes / Math.Sqrt(_range[^2]);
        int at = 1;
        for (int k = 1; k < _energy.Length; k++)
        {
            double range = k / _nodesPerRoot * (k / _nodesPerRoot);
            while (at < _range.Length - 1 && _range[at] < range)
            {
                at++;
            }

            _energy[k] = EnergyStep * (at - 1 + ((range - _range[at - 1]) / (_range[at] - _range[at - 1])));
        }
    }

    /// <summary>mm that a proton of this energy goes; the border's value beyond the table.</summary>
    public double Range(double energy)
    {
        double at = Math.Clamp(energy, 0, Highest) * (1 / EnergyStep);
        int i = (int)at;
        return _range[i] + ((at - i) * (_range[i + 1] - _range[i]));
    }

    /// <summary>Energy in MeV of a proton that goes so many mm; 0 for none or less.</summary>
    public double Energy(double range)
    {
        if (!(range > 0))
        {
            return 0;
        }

        double at = Math.Min(Math.Sqrt(range) * _nodesPerRoot, RootNodes);
        int i = (int)at;
        return _energy[i] + ((at - i) * (_energy[i + 1] - _energy[i]));
    }
}
