using Sagitta.Autodiff.Randomness;
using Sagitta.Physics.Detectors;

namespace Sagitta.Physics.Digitisation;

/// <summary>
/// Turns one deposit into charge on strips: electrons by energy over W with a Fano factor, in primary clusters along the segment,
/// drifting to the anode at the gap's back with transverse diffusion, each multiplied by a Gamma (Polya) gain. A deposit of very many
/// electrons is carried by fewer points of several electrons each, with the gain's fluctuation of their sum.
/// </summary>
internal sealed class Ionisation
{
    // F = 0.2 is typical of argon mixtures (Sauli, Gaseous Radiation Detectors, 2014, section 3.2).
    private const float FanoFactor = 0.2f;
    private const int MostPoints = 384;
    private readonly float _electronsPerKiloVolt;
    private readonly float _diffusion;
    private readonly float _lorentz;
    private readonly float _driftTimePerLength;
    private readonly float _halfGap;
    private readonly int _gainShape;
    private readonly float _labelDistance;

    public Ionisation(Plane plane, Material gas, Readout readout, double labelDistance)
    {
        _electronsPerKiloVolt = (float)(1000 / gas.IonPairEnergy);
        _diffusion = (float)(gas.TransverseDiffusion / Math.Sqrt(10));
        _lorentz = (float)Math.Tan(plane.LorentzAngle);
        _driftTimePerLength = (float)(1 / gas.DriftVelocity);
        _halfGap = (float)(plane.GapThickness / 2);
        _gainShape = readout.GainShape;
        _labelDistance = (float)labelDistance;
    }

    /// <summary>
    /// Adds a deposit's charge. <paramref name="crossing"/> is the muon's y at the gap's centre for deposits of electrons (only
    /// ionisation within the label distance of it is signal), infinite for the muon's own (all is signal), NaN where nothing is.
    /// </summary>
    public void Deposit(
        float yIn, float yOut, float depthIn, float depthOut, float energy, float time, float crossing, DrawBuffer draws, StripPlane strips)
    {
        float mean = energy * _electronsPerKiloVolt;
        int electrons = (int)MathF.Round(mean + (MathF.Sqrt(FanoFactor * mean) * draws.NextGaussian()));
        if (electrons <= 0)
        {
            return;
        }

        bool allSignal = float.IsPositiveInfinity(crossing);
        int perPoint = 1 + ((electrons - 1) / MostPoints);
        while (electrons > 0)
        {
            float along = draws.NextUniform();
            float y = yIn + (along * (yOut - yIn));
            float depth = depthIn + (along * (depthOut - depthIn));
            float drift = MathF.Max(_halfGap - depth, 0);
            float width = _diffusion * MathF.Sqrt(drift);
            float signal = allSignal || MathF.Abs(y - crossing) < _labelDistance ? 1 : 0;
            float arrival = time + (drift * _driftTimePerLength);
            float shifted = y + (_lorentz * drift);
            int cluster = Math.Min(electrons, perPoint * ClusterSizes.AtQuantile(draws.NextUniform()));
            electrons -= cluster;
            for (; cluster > 0; cluster -= perPoint)
            {
                int group = Math.Min(cluster, perPoint);
                strips.Add(shifted + (width * draws.NextGaussian()), Gain(group, draws), arrival, signal);
            }
        }
    }

    // The sum of the relative gains of a few electrons: Gamma with shape k n and mean n; exactly for one, as a normal for several.
    private float Gain(int electrons, DrawBuffer draws)
    {
        if (electrons > 1)
        {
            return MathF.Max(electrons + (MathF.Sqrt((float)electrons / _gainShape) * draws.NextGaussian()), 0);
        }

        float sum = 0;
        for (int i = 0; i < _gainShape; i++)
        {
            sum += draws.NextExponential();
        }

        return sum / _gainShape;
    }
}
