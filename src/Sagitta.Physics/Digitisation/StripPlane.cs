using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Sagitta.Physics.Digitisation;

/// <summary>The strips of one plane within one road while charge arrives. Reused over planes and events; only blocks of strips that were
/// touched are looked at and cleared. Not thread-safe.</summary>
internal sealed class StripPlane
{
    /// <summary>Bytes of a cell: charge, charge times time, charge of the signal, nothing; one vector addition a drifting
    /// electron.</summary>
    public const int CellBytes = 16;

    // Two strips beyond either end: the inner one shares its charge with the road's last strip, the outer one takes what would round to it.
    private const int Guard = 2;
    private const int BlockBits = 3;
    private const int Block = 1 << BlockBits;
    private const int WordBits = 6;

    // Two cells a strip. Behind the last strip is one more, where all charge goes that is lost.
    private Vector128<float>[] _cells = [];

    // One bit a block of strips.
    private ulong[] _touched = [];
    private int _first;
    private int _count;
    private double _pitch;
    private double _phase;
    private float _origin;

    // A strip without charge fires by noise once in so many, at this threshold in widths of the noise: kept, since planes are mostly alike.
    private double _noiseThreshold = double.NaN;
    private double _perNoiseHit;

    /// <summary>Strips per mm.</summary>
    public float StripsPerLength { get; private set; }

    /// <summary>Begins a plane: strip s has its centre at (s + phase) pitch; those within the road are read out.</summary>
    public void Begin(double pitch, double phase, double roadCentre, double roadHalfWidth)
    {
        _pitch = pitch;
        _phase = phase;
        _first = (int)Math.Ceiling(((roadCentre - roadHalfWidth) / pitch) - phase) - Guard;
        int last = (int)Math.Floor(((roadCentre + roadHalfWidth) / pitch) - phase) + Guard;
        _count = last - _first + 1;
        StripsPerLength = (float)(1 / pitch);
        _origin = (float)((_first + phase - 0.5) * pitch);
        int blocks = (_count >> BlockBits) + 1;
        if (blocks << (BlockBits + 1) >= _cells.Length)
        {
            // Whole blocks and the neighbour of the last.
            _cells = new Vector128<float>[(blocks + 1) << (BlockBits + 1)];
            _touched = new ulong[(blocks >> WordBits) + 1];
        }
    }

    /// <summary>y in mm as a place in strips, whose whole part is the strip's index here.</summary>
    public Vector256<float> Place(Vector256<float> y) => (y - Vector256.Create(_origin)) * Vector256.Create(StripsPerLength);

    /// <summary>The same of one.</summary>
    public float Place(float y) => (y - _origin) * StripsPerLength;

    /// <summary>Where in memory the cells of eight strips begin, as <see cref="Add"/> takes it. Outside the road and its guard strips
    /// electrons are lost.</summary>
    public Vector256<int> CellsOf(Vector256<int> strips)
    {
        // Two cells a strip, in turn: neighbours in the list mostly share a strip, and would wait for each other's sum.
        Vector256<uint> kept = Vector256.Min(strips.AsUInt32(), Vector256.Create((uint)_count));
        return (kept << 5).AsInt32() | Vector256.Create(0, CellBytes, 0, CellBytes, 0, CellBytes, 0, CellBytes);
    }

    /// <summary>The same of one, at a place in the list.</summary>
    public int CellOf(int strip, int index) => (int)((Math.Min((uint)strip, (uint)_count) << 5) | (uint)(CellBytes * (index & 1)));

    /// <summary>Notes that charge will be added to strips of a range; others than those may not be added to.</summary>
    public void Touch(int lowest, int highest)
    {
        // A touched strip shares charge with its neighbours.
        int low = Math.Max(lowest, 1) - 1;
        int high = Math.Min(highest, _count - 2) + 1;
        if (low > high)
        {
            return;
        }

        low >>= BlockBits;
        high >>= BlockBits;
        for (int word = low >> WordBits; word <= high >> WordBits; word++)
        {
            int from = Math.Max(low - (word << WordBits), 0);
            int to = Math.Min(high - (word << WordBits), (1 << WordBits) - 1);
            _touched[word] |= (2UL << to) - (1UL << from);
        }
    }

    /// <summary>Adds electrons to strips that were noted before.</summary>
    /// <param name="cells">The cell of each, from <see cref="CellsOf"/>.</param>
    /// <param name="charges">The charge of each.</param>
    /// <param name="clusters">The primary cluster of each: where in memory its weights begin.</param>
    /// <param name="weights">Per cluster 1, time and signal, in the order of a cell.</param>
    public void Add(ReadOnlySpan<int> cells, ReadOnlySpan<float> charges, ReadOnlySpan<int> clusters,
        ReadOnlySpan<Vector128<float>> weights)
    {
        ref Vector128<float> firstCell = ref MemoryMarshal.GetArrayDataReference(_cells);
        ref Vector128<float> firstWeight = ref MemoryMarshal.GetReference(weights);
        ref int cell = ref MemoryMarshal.GetReference(cells);
        ref int cluster = ref MemoryMarshal.GetReference(clusters);
        ref float charge = ref MemoryMarshal.GetReference(charges);
        for (nuint i = 0; i < (nuint)cells.Length; i++)
        {
            Vector128<float> weight = Unsafe.AddByteOffset(ref firstWeight, (nuint)(uint)Unsafe.Add(ref cluster, i));
            Unsafe.AddByteOffset(ref firstCell, (nuint)(uint)Unsafe.Add(ref cell, i)) += weight * Unsafe.Add(ref charge, i);
        }
    }

    /// <summary>Shares charge with neighbours, writes the strips above threshold as hits in order of y, and clears.</summary>
    public void Read(int plane, Readout readout, RandomKey deadKey, DrawBuffer draws, EventSetBuilder hits)
    {
        if (readout.NoiseCharge > 0)
        {
            ReadNoisy(plane, readout, deadKey, draws, hits);
            Clear();
            return;
        }

        float coupling = (float)readout.NeighbourCoupling;
        float own = 1 - (2 * coupling);
        float threshold = (float)readout.Threshold;
        for (int word = 0; word < _touched.Length; word++)
        {
            for (ulong blocks = _touched[word]; blocks != 0; blocks &= blocks - 1)
            {
                int begin = ((word << WordBits) + BitOperations.TrailingZeroCount(blocks)) << BlockBits;
                for (uint fired = FiredIn(begin, own, coupling, threshold); fired != 0; fired &= fired - 1)
                {
                    int strip = begin + BitOperations.TrailingZeroCount(fired);
                    if (strip >= Guard && strip < _count - Guard)
                    {
                        Vector128<float> cell = (own * Cell(strip)) + (coupling * (Cell(strip - 1) + Cell(strip + 1)));
                        Fire(strip, cell, cell[0], plane, readout, deadKey, draws, hits);
                    }
                }
            }
        }

        Clear();
    }

    // Noise smears the charge of every strip; of strips in untouched blocks those that fire are found by exponential distances.
    private void ReadNoisy(int plane, Readout readout, RandomKey deadKey, DrawBuffer draws, EventSetBuilder hits)
    {
        float coupling = (float)readout.NeighbourCoupling;
        float own = 1 - (2 * coupling);
        float noise = (float)readout.NoiseCharge;
        float least = (float)readout.Threshold;
        double threshold = readout.Threshold / noise;
        if (threshold != _noiseThreshold)
        {
            (_noiseThreshold, _perNoiseHit) = (threshold, 1 / GaussianTail.Beyond(threshold));
        }

        double perHit = _perNoiseHit;
        double left = draws.NextExponential() * perHit;
        int last = _count - Guard;
        for (int begin = 0; begin < last; begin += Block)
        {
            int from = Math.Max(begin, Guard);
            int to = Math.Min(begin + Block, last);
            int block = begin >> BlockBits;
            if ((_touched[block >> WordBits] >> (block & ((1 << WordBits) - 1)) & 1) != 0)
            {
                Vector128<float> before = Cell(from - 1);
                Vector128<float> here = Cell(from);
                for (int strip = from; strip < to; strip++)
                {
                    Vector128<float> next = Cell(strip + 1);
                    Vector128<float> cell = (own * here) + (coupling * (before + next));
                    (before, here) = (here, next);
                    float charge = cell[0] + (noise * draws.NextGaussian());
                    if (charge >= least)
                    {
                        Fire(strip, cell, charge, plane, readout, deadKey, draws, hits);
                    }
                }

                continue;
            }

            for (left -= to - from; left < 0; left += Math.Max(1, draws.NextExponential() * perHit))
            {
                Fire(Math.Max(to + (int)Math.Floor(left), from), default, noise * (float)GaussianTail.Draw(threshold, draws), plane,
                    readout,
                    deadKey, draws, hits);
            }
        }
    }

    private static bool IsDead(RandomKey key, int strip, double fraction) =>
        (key.Split((ulong)strip).State >> 11) * (1.0 / (1UL << 53)) < fraction;

    // Which strips of a block are above threshold, as bits, without a branch for each.
    private uint FiredIn(int begin, float own, float coupling, float threshold)
    {
        ref Vector128<float> cells = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_cells), 2 * begin);
        Vector128<float> before = begin > 0 ? Unsafe.Subtract(ref cells, 2) + Unsafe.Subtract(ref cells, 1) : default;
        Vector128<float> here = cells + Unsafe.Add(ref cells, 1);
        Vector128<float> least = Vector128.Create(threshold);
        uint fired = 0;
        for (int strip = 0; strip < Block; strip++)
        {
            Vector128<float> next = Unsafe.Add(ref cells, (2 * strip) + 2) + Unsafe.Add(ref cells, (2 * strip) + 3);
            Vector128<float> cell = (own * here) + (coupling * (before + next));
            fired |= (Vector128.GreaterThanOrEqual(cell, least).ExtractMostSignificantBits() & 1) << strip;
            (before, here) = (here, next);
        }

        return fired;
    }

    private void Clear()
    {
        ref byte cells = ref Unsafe.As<Vector128<float>, byte>(ref MemoryMarshal.GetArrayDataReference(_cells));
        for (int word = 0; word < _touched.Length; word++)
        {
            for (ulong blocks = _touched[word]; blocks != 0; blocks &= blocks - 1)
            {
                int block = (word << WordBits) + BitOperations.TrailingZeroCount(blocks);
                Unsafe.InitBlockUnaligned(ref Unsafe.Add(ref cells, block * (2 * Block * CellBytes)), 0, 2 * Block * CellBytes);
            }

            _touched[word] = 0;
        }

        // What was lost.
        _cells[2 * _count] = default;
        _cells[(2 * _count) + 1] = default;
    }

    private Vector128<float> Cell(int strip)
    {
        ref Vector128<float> first = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_cells), 2 * strip);
        return first + Unsafe.Add(ref first, 1);
    }

    private void Fire(int strip, Vector128<float> cell, float charge, int plane, Readout readout, RandomKey deadKey, DrawBuffer draws,
        EventSetBuilder hits)
    {
        if (readout.DeadStrips > 0 && IsDead(deadKey, strip + _first, readout.DeadStrips))
        {
            return;
        }

        // A strip that noise made fire did so at any time.
        float time = cell[0] > 0.5f * charge
            ? (float)(readout.Window / 2) + (cell[1] / cell[0]) + ((float)readout.TimeResolution * draws.NextGaussian())
            : (float)readout.Window * draws.NextUniform();
        float told = readout.ChargeCeiling > 0 ? Math.Min(charge, (float)readout.ChargeCeiling) : charge;
        hits.AddHit(plane, (strip + _first + _phase) * _pitch, told, time, cell[2] > 0.5f * charge);
    }
}
