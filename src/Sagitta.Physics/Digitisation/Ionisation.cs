using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Sagitta.Physics.Digitisation;

/// <summary>Turns one deposit into charge on strips: electrons by energy over W with a Fano factor, in primary clusters along the segment,
/// drifting to the anode at the gap's back with diffusion across and along, each multiplied by a Gamma (Polya) gain. A deposit of very many
/// electrons is carried by fewer points of several electrons each, with the gain's fluctuation of their sum. Holds reused memory: one a
/// thread.</summary>
internal sealed class Ionisation
{
    // F = 0.2 is typical of argon mixtures (Sauli, Gaseous Radiation Detectors, 2014, section 3.2).
    private const float FanoFactor = 0.2f;
    private const int MostPoints = 384;
    private const int Lanes = 8;

    // Eight clusters may begin at the last point, and each is written in whole vectors.
    private const int Capacity = MostPoints + ((Lanes + 1) * (ClusterSizes.Largest + Lanes));
    private static readonly float[] _inverseRoots = [.. Enumerable.Range(0, ClusterSizes.Largest + 1).Select(
        size => size > 0 ? 1 / MathF.Sqrt(size) : 0)];

    private readonly float _labelDistance;
    private readonly float[] _lanes = new float[5 * Lanes];
    private readonly byte[] _sizes = ClusterSizes.Table;
    private readonly int[] _sizeIndex = new int[Lanes];
    private readonly float[] _place = new float[Capacity];
    private readonly float[] _width = new float[Capacity];
    private readonly int[] _cluster = new int[Capacity];
    private readonly int[] _cell = new int[Capacity];
    private readonly float[] _gain = new float[Capacity];
    private readonly Vector128<float>[] _weights = new Vector128<float>[Capacity];

    public Ionisation(double labelDistance) => _labelDistance = (float)labelDistance;

    /// <summary>Adds a deposit's charge. <paramref name="crossing"/> is the muon's y at the gap's centre for deposits of electrons (only
    /// ionisation within the label distance of it is signal), infinite for the muon's own (all is signal), NaN where nothing is.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Deposit(
        DriftGap gap, float yIn, float yOut, float depthIn, float depthOut, float energy, float time, float crossing, DrawBuffer draws,
            StripPlane strips)
    {
        (int points, float gainScale, float gainOffset) = Points(energy * gap.ElectronsPerKiloVolt, draws);
        if (points <= 0)
        {
            return;
        }

        float distance = float.IsPositiveInfinity(crossing) ? float.PositiveInfinity : _labelDistance;
        Vector256<float> centre = Vector256.Create(float.IsPositiveInfinity(crossing) ? yIn : crossing);
        Vector256<float> begin = Vector256.Create(yIn);
        Vector256<float> length = Vector256.Create(yOut - yIn);
        Vector256<float> front = Vector256.Create(depthIn);
        Vector256<float> rise = Vector256.Create(depthOut - depthIn);
        Vector256<float> diffusion = Vector256.Create(gap.Diffusion * strips.StripsPerLength);
        int filled = 0;
        for (int clusters = 0; filled < points; clusters += Lanes)
        {
            // Eight primary clusters at a time: where, how wide they arrive (in strips), when, and whether they are signal.
            Vector256<float> along = draws.EightUniforms();
            Vector256<float> y = begin + (along * length);
            Vector256<float> drift = Vector256.MaxNative(Vector256.Create(gap.HalfThickness) - (front + (along * rise)),
                Vector256<float>.Zero);
            Vector256<float> signal = Vector256.LessThan(Vector256.Abs(y - centre), Vector256.Create(distance)) & Vector256.Create(1f);
            Vector256<float> beyond = drift - Vector256.Create(gap.HalfThickness);
            strips.Place(y + (beyond * Vector256.Create(gap.Lorentz))).CopyTo(_lanes, 0);
            (Vector256.Sqrt(drift) * diffusion).CopyTo(_lanes, Lanes);
            (Vector256.Create(time) + (drift * Vector256.Create(gap.DriftTimePerLength))).CopyTo(_lanes, 2 * Lanes);
            signal.CopyTo(_lanes, 3 * Lanes);
            Vector256<float> quantile = draws.EightUniforms() * Vector256.Create((float)ClusterSizes.TableLength);
            Vector256.ConvertToInt32Native(quantile).CopyTo(_sizeIndex);
            if (gap.LongitudinalDiffusion > 0)
            {
                // A cluster's charge arrives at the mean of its electrons' times.
                Vector256<float> late = Vector256.Sqrt(drift) * Vector256.Create(gap.LongitudinalDiffusion * gap.DriftTimePerLength);
                (late * Vector256.Create(draws.Gaussians(Lanes))).CopyTo(_lanes, 4 * Lanes);
            }

            filled = Expand(clusters, filled);
        }

        // What is read behind the points must be of this deposit too, or it would be noted as touching strips far away.
        Vector256.Create(_place[filled - 1]).CopyTo(_place, filled);
        Vector256.Create(_width[filled - 1]).CopyTo(_width, filled);
        Drift(points, gainScale, gainOffset, draws, strips);
        strips.Add(_cell.AsSpan(0, points), _gain.AsSpan(0, points), _cluster.AsSpan(0, points), _weights);
    }

    /// <summary>The same, cluster by cluster and electron by electron: what the vector code is held to, bit by bit.</summary>
    internal void DepositOneByOne(
        DriftGap gap, float yIn, float yOut, float depthIn, float depthOut, float energy, float time, float crossing, DrawBuffer draws,
            StripPlane strips)
    {
        (int points, float gainScale, float gainOffset) = Points(energy * gap.ElectronsPerKiloVolt, draws);
        int filled = 0;
        for (int cluster = 0; filled < points; cluster += Lanes)
        {
            float[] along = draws.Uniforms(Lanes).ToArray();
            float[] quantile = draws.Uniforms(Lanes).ToArray();
            float[] late = gap.LongitudinalDiffusion > 0 ? draws.Gaussians(Lanes).ToArray() : new float[Lanes];
            for (int c = 0; c < Lanes; c++)
            {
                float y = yIn + (along[c] * (yOut - yIn));
                float drift = Math.Max(gap.HalfThickness - (depthIn + (along[c] * (depthOut - depthIn))), 0);
                float place = strips.Place(y + ((drift - gap.HalfThickness) * gap.Lorentz));
                float width = MathF.Sqrt(drift) * (gap.Diffusion * strips.StripsPerLength);
                bool signal = float.IsPositiveInfinity(crossing) || Math.Abs(y - crossing) < _labelDistance;
                int size = _sizes[(int)(quantile[c] * ClusterSizes.TableLength)];
                float lateness = MathF.Sqrt(drift) * (gap.LongitudinalDiffusion * gap.DriftTimePerLength) * late[c];
                _weights[cluster + c] = Vector128.Create(
                    1, time + (drift * gap.DriftTimePerLength) + (lateness * _inverseRoots[size]), signal ? 1 : 0, 0);
                for (int e = 0; e < size; e++)
                {
                    (_place[filled], _width[filled], _cluster[filled]) = (place, width, (cluster + c) * StripPlane.CellBytes);
                    filled++;
                }
            }
        }

        for (int i = 0; i < points; i += Lanes)
        {
            ReadOnlySpan<float> gaussians = draws.Gaussians(Lanes);
            ReadOnlySpan<float> erlangs = draws.Erlangs(Lanes);
            for (int lane = 0; lane < Lanes && i + lane < points; lane++)
            {
                int strip = (int)(_place[i + lane] + (_width[i + lane] * gaussians[lane]));
                _cell[i + lane] = strips.CellOf(strip, lane);
                _gain[i + lane] = gainOffset + (gainScale * erlangs[lane]);
                strips.Touch(strip, strip);
            }
        }

        strips.Add(_cell.AsSpan(0, points), _gain.AsSpan(0, points), _cluster.AsSpan(0, points), _weights);
    }

    // How many points carry the deposit's electrons, and how a point's charge follows from one Erlang number e: a point of n electrons
    // has the mean gain n and the variance n/k of their sum, n (1 + (e - 1)/sqrt(n)).
    private (int Points, float GainScale, float GainOffset) Points(float mean, DrawBuffer draws)
    {
        int electrons = (int)MathF.Round(mean + (MathF.Sqrt(FanoFactor * mean) * draws.NextGaussian()));
        if (electrons <= 0)
        {
            return default;
        }

        int perPoint = 1 + ((electrons - 1) / MostPoints);
        float gainScale = MathF.Sqrt(perPoint);
        return ((electrons + (perPoint / 2)) / perPoint, gainScale, perPoint - gainScale);
    }

    // Writes every cluster's place, width and number once for each of its electrons. Eight copies are written without asking and the
    // next cluster begins behind those that count: no branch depends on the sizes, but for the few above eight.
    private int Expand(int first, int filled)
    {
        ref float lanes = ref MemoryMarshal.GetArrayDataReference(_lanes);
        ref int sizeIndex = ref MemoryMarshal.GetArrayDataReference(_sizeIndex);
        ref byte sizes = ref MemoryMarshal.GetArrayDataReference(_sizes);
        ref float places = ref MemoryMarshal.GetArrayDataReference(_place);
        ref float widths = ref MemoryMarshal.GetArrayDataReference(_width);
        ref int clusters = ref MemoryMarshal.GetArrayDataReference(_cluster);
        ref Vector128<float> weights = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_weights), first);
        nuint end = (nuint)filled;
        for (nuint c = 0; c < Lanes; c++)
        {
            nuint size = Unsafe.Add(ref sizes, (nuint)(uint)Unsafe.Add(ref sizeIndex, c));
            Vector256<float> place = Vector256.Create(Unsafe.Add(ref lanes, c));
            Vector256<float> width = Vector256.Create(Unsafe.Add(ref lanes, Lanes + c));
            Vector256<int> cluster = Vector256.Create((first + (int)c) * StripPlane.CellBytes);
            Unsafe.Add(ref weights, c) = Vector128.Create(
                1, Unsafe.Add(ref lanes, (2 * Lanes) + c) + (Unsafe.Add(ref lanes, (4 * Lanes) + c) * _inverseRoots[(int)size]), Unsafe.Add(
                    ref lanes, (3 * Lanes) + c), 0);
            place.StoreUnsafe(ref places, end);
            width.StoreUnsafe(ref widths, end);
            cluster.StoreUnsafe(ref clusters, end);
            for (nuint more = Lanes; more < size; more += Lanes)
            {
                place.StoreUnsafe(ref places, end + more);
                width.StoreUnsafe(ref widths, end + more);
                cluster.StoreUnsafe(ref clusters, end + more);
            }

            end += size;
        }

        return (int)end;
    }

    // Where each point arrives and with what charge.
    private void Drift(int points, float gainScale, float gainOffset, DrawBuffer draws, StripPlane strips)
    {
        ref float places = ref MemoryMarshal.GetArrayDataReference(_place);
        ref float widths = ref MemoryMarshal.GetArrayDataReference(_width);
        ref float gains = ref MemoryMarshal.GetArrayDataReference(_gain);
        ref int cells = ref MemoryMarshal.GetArrayDataReference(_cell);
        Vector256<float> scale = Vector256.Create(gainScale);
        Vector256<float> offset = Vector256.Create(gainOffset);
        Vector256<int> lowest = Vector256.Create(int.MaxValue);
        Vector256<int> highest = Vector256.Create(int.MinValue);
        for (int filled = 0; filled < points;)
        {
            // As many as there are without filling a buffer: a call in the loop would keep its vectors out of registers.
            int run = Lanes * draws.ReadyEights((points - filled + Lanes - 1) / Lanes);
            ref float gaussians = ref MemoryMarshal.GetReference(draws.Gaussians(run));
            ref float erlangs = ref MemoryMarshal.GetReference(draws.Erlangs(run));
            nuint first = (nuint)filled;
            for (nuint i = 0; i < (nuint)run; i += Lanes)
            {
                Vector256<float> place = Vector256.LoadUnsafe(ref places, first + i) + (
                    Vector256.LoadUnsafe(ref widths, first + i) * Vector256.LoadUnsafe(ref gaussians, i));
                Vector256<int> strip = Vector256.ConvertToInt32Native(place);
                lowest = Vector256.Min(lowest, strip);
                highest = Vector256.Max(highest, strip);
                strips.CellsOf(strip).StoreUnsafe(ref cells, first + i);
                (offset + (scale * Vector256.LoadUnsafe(ref erlangs, i))).StoreUnsafe(ref gains, first + i);
            }

            filled += run;
        }

        strips.Touch(Lowest(lowest), ~Lowest(~highest));
    }

    private static int Lowest(Vector256<int> values)
    {
        Vector128<int> four = Vector128.Min(values.GetLower(), values.GetUpper());
        Vector128<int> two = Vector128.Min(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1)));
        return Math.Min(two.ToScalar(), two.GetElement(1));
    }
}

/// <summary>How many electrons a primary collision frees in argon: Fischle, Heintze, Schmidt, Nucl. Instrum. Meth. A 301 (1991) 202, table
/// 2 and its tail 21.6 %/n^2, cut at <see cref="Largest"/> since larger transfers are electrons of their own.</summary>
internal static class ClusterSizes
{
    /// <summary>Largest cluster: about 1 keV over 27 eV.</summary>
    public const int Largest = 37;
    /// <summary>Entries of the table that a uniform is turned into a size by.</summary>
    public const int TableLength = 8192;
    private const double TailPercent = 21.6;
    /// <summary>The sizes at quantiles (index + 1/2) / <see cref="TableLength"/>.</summary>
    public static byte[] Table { get; } = MakeTable();

    private static byte[] MakeTable()
    {
        ReadOnlySpan<double> percent =
        [
            65.6, 15.0, 6.4, 3.5, 2.25, 1.55, 1.05, 0.81, 0.61, 0.49, 0.39, 0.30, 0.25, 0.20, 0.16, 0.12, 0.095, 0.075, 0.063,
        ];
        var cumulative = new double[Largest];
        double sum = 0;
        for (int n = 1; n <= Largest; n++)
        {
            sum += n <= percent.Length ? percent[n - 1] : TailPercent / ((double)n * n);
            cumulative[n - 1] = sum;
        }

        var table = new byte[TableLength];
        int size = 1;
        for (int i = 0; i < TableLength; i++)
        {
            while (size < Largest && (i + 0.5) / TableLength > cumulative[size - 1] / sum)
            {
                size++;
            }

            table[i] = (byte)size;
        }

        return table;
    }
}

/// <summary>What a plane's gas gap does to electrons, in the digitiser's single precision.</summary>
internal sealed class DriftGap(Plane plane, Material gas)
{
    /// <summary>Electrons per keV.</summary>
    public float ElectronsPerKiloVolt { get; } = (float)(1000 / gas.IonPairEnergy);
    /// <summary>Width of transverse diffusion after 1 mm of drift, mm.</summary>
    public float Diffusion { get; } = (float)(gas.TransverseDiffusion / Math.Sqrt(10));
    /// <summary>Width of diffusion along the drift after 1 mm of it, mm.</summary>
    public float LongitudinalDiffusion { get; } = (float)(gas.LongitudinalDiffusion / Math.Sqrt(10));
    /// <summary>Shift in y per mm of drift. Strips are where alignment on tracks has them: charge from the gap's centre arrives
    /// where it was freed.</summary>
    public float Lorentz { get; } = (float)Math.Tan(plane.LorentzAngle);
    /// <summary>ns per mm.</summary>
    public float DriftTimePerLength { get; } = (float)(1 / gas.DriftVelocity);
    /// <summary>Half of its thickness, mm; the anode is at its back.</summary>
    public float HalfThickness { get; } = (float)(plane.GapThickness / 2);
}
