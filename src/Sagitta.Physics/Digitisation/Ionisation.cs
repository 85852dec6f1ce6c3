using System.Runtime.Intrinsics;
using Sagitta.Autodiff.Randomness;
using Sagitta.Physics.Detectors;

namespace Sagitta.Physics.Digitisation;

/// <summary>
/// Turns one deposit into charge on strips: electrons by energy over W with a Fano factor, in primary clusters along the segment,
/// drifting to the anode at the gap's back with transverse diffusion, each multiplied by a Gamma (Polya) gain. A deposit of very many
/// electrons is carried by fewer points of several electrons each, with the gain's fluctuation of their sum. Holds reused memory: one a
/// thread.
/// </summary>
internal sealed class Ionisation
{
    // F = 0.2 is typical of argon mixtures (Sauli, Gaseous Radiation Detectors, 2014, section 3.2).
    private const float FanoFactor = 0.2f;
    private const int MostPoints = 384;
    private const int Lanes = 8;

    // Eight clusters may begin at the last point, and each is written in whole vectors.
    private const int Capacity = MostPoints + ((Lanes + 1) * (ClusterSizes.Largest + Lanes));
    private readonly float _electronsPerKiloVolt;
    private readonly float _diffusion;
    private readonly float _lorentz;
    private readonly float _driftTimePerLength;
    private readonly float _halfGap;
    private readonly float _labelDistance;
    private readonly float[] _lanes = new float[4 * Lanes];
    private readonly float[] _place = new float[Capacity];
    private readonly float[] _width = new float[Capacity];
    private readonly int[] _cluster = new int[Capacity];
    private readonly int[] _strip = new int[Capacity];
    private readonly float[] _gain = new float[Capacity];
    private readonly Vector128<float>[] _weights = new Vector128<float>[Capacity];

    public Ionisation(Plane plane, Material gas, double labelDistance)
    {
        _electronsPerKiloVolt = (float)(1000 / gas.IonPairEnergy);
        _diffusion = (float)(gas.TransverseDiffusion / Math.Sqrt(10));
        _lorentz = (float)Math.Tan(plane.LorentzAngle);
        _driftTimePerLength = (float)(1 / gas.DriftVelocity);
        _halfGap = (float)(plane.GapThickness / 2);
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

        // A point of n electrons has the mean gain n and the variance n/k of their sum: n (1 + (e - 1)/sqrt(n)) of one Erlang e.
        int perPoint = 1 + ((electrons - 1) / MostPoints);
        int points = (electrons + (perPoint / 2)) / perPoint;
        float gainScale = MathF.Sqrt(perPoint);
        float gainOffset = perPoint - gainScale;

        float distance = float.IsPositiveInfinity(crossing) ? float.PositiveInfinity : _labelDistance;
        Vector256<float> centre = Vector256.Create(float.IsPositiveInfinity(crossing) ? yIn : crossing);
        int clusters = 0;
        for (int filled = 0; filled < points; clusters += Lanes)
        {
            // Eight primary clusters at a time: where, how wide they arrive (in strips), when, and whether they are signal.
            Vector256<float> along = Vector256.Create(draws.Uniforms(Lanes));
            Vector256<float> y = Vector256.Create(yIn) + (along * Vector256.Create(yOut - yIn));
            Vector256<float> depth = Vector256.Create(depthIn) + (along * Vector256.Create(depthOut - depthIn));
            Vector256<float> drift = Vector256.Max(Vector256.Create(_halfGap) - depth, Vector256<float>.Zero);
            Vector256<float> place = strips.Place(y + (drift * Vector256.Create(_lorentz)));
            Vector256<float> width = Vector256.Sqrt(drift) * Vector256.Create(_diffusion * strips.StripsPerLength);
            Vector256<float> arrival = Vector256.Create(time) + (drift * Vector256.Create(_driftTimePerLength));
            Vector256<float> signal = Vector256.LessThan(Vector256.Abs(y - centre), Vector256.Create(distance)) & Vector256.Create(1f);
            place.CopyTo(_lanes, 0);
            width.CopyTo(_lanes, Lanes);
            arrival.CopyTo(_lanes, 2 * Lanes);
            signal.CopyTo(_lanes, 3 * Lanes);
            filled = Expand(draws.Uniforms(Lanes), clusters, filled);
        }

        for (int i = 0; i < points; i += Lanes)
        {
            Vector256<float> place = Vector256.Create(_place, i) + (Vector256.Create(_width, i) * Vector256.Create(draws.Gaussians(Lanes)));
            Vector256.ConvertToInt32Native(place).CopyTo(_strip, i);
            (Vector256.Create(gainOffset) + (Vector256.Create(gainScale) * Vector256.Create(draws.Erlangs(Lanes)))).CopyTo(_gain, i);
        }

        strips.Add(_strip.AsSpan(0, points), _gain.AsSpan(0, points), _cluster.AsSpan(0, points), _weights);
    }

    // Writes every cluster's place, width and number once for each of its electrons. Eight copies are written without asking and the
    // next cluster begins behind those that count: no branch depends on the sizes, but for the few above eight.
    private int Expand(ReadOnlySpan<float> quantiles, int first, int filled)
    {
        for (int c = 0; c < Lanes; c++)
        {
            int size = ClusterSizes.AtQuantile(quantiles[c]);
            int cluster = first + c;
            _weights[cluster] = Vector128.Create(1, _lanes[(2 * Lanes) + c], _lanes[(3 * Lanes) + c], 0);
            Vector256<float> copiedPlace = Vector256.Create(_lanes[c]);
            Vector256<float> copiedWidth = Vector256.Create(_lanes[Lanes + c]);
            Vector256<int> copiedCluster = Vector256.Create(cluster);
            int j = filled;
            filled += size;
            do
            {
                copiedPlace.CopyTo(_place, j);
                copiedWidth.CopyTo(_width, j);
                copiedCluster.CopyTo(_cluster, j);
                j += Lanes;
            }
            while (j < filled);
        }

        return filled;
    }
}
