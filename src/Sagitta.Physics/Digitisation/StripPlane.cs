using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Sagitta.Autodiff.Randomness;
using Sagitta.Physics.Detectors;
using Sagitta.Physics.Events;

namespace Sagitta.Physics.Digitisation;

/// <summary>
/// The strips of one plane within one road while charge arrives. Reused over planes and events; only strips that were touched are
/// cleared. Not thread-safe.
/// </summary>
internal sealed class StripPlane
{
    // Two strips beyond either end: the inner one shares its charge with the road's last strip, the outer one takes what would round to it.
    private const int Guard = 2;

    // Charge, charge times time, charge of the signal: one vector addition a drifting electron.
    private Vector128<float>[] _cells = [];
    private byte[] _touched = [];
    private int _first;
    private int _count;
    private double _pitch;
    private double _phase;
    private float _origin;

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
        if (2 * _count > _cells.Length)
        {
            _cells = new Vector128<float>[2 * _count];
            _touched = new byte[_count + Vector256<byte>.Count];
        }
    }

    /// <summary>y in mm as a place in strips, whose whole part is the strip's index here.</summary>
    public Vector256<float> Place(Vector256<float> y) => (y - Vector256.Create(_origin)) * Vector256.Create(StripsPerLength);

    /// <summary>The same of one.</summary>
    public float Place(float y) => (y - _origin) * StripsPerLength;

    /// <summary>Adds electrons; outside the road and its guard strips they are lost.</summary>
    /// <param name="strips">The strip of each, as Place counts them.</param>
    /// <param name="charges">The charge of each.</param>
    /// <param name="clusters">The primary cluster of each, an index into the next.</param>
    /// <param name="weights">Per cluster 1, time and signal, in the order of a cell.</param>
    public void Add(ReadOnlySpan<int> strips, ReadOnlySpan<float> charges, ReadOnlySpan<int> clusters, ReadOnlySpan<Vector128<float>> weights)
    {
        ref Vector128<float> cells = ref MemoryMarshal.GetArrayDataReference(_cells);
        ref byte touched = ref MemoryMarshal.GetArrayDataReference(_touched);
        ref Vector128<float> weight = ref MemoryMarshal.GetReference(weights);
        ref int cluster = ref MemoryMarshal.GetReference(clusters);
        ref float charge = ref MemoryMarshal.GetReference(charges);
        uint count = (uint)_count;
        for (int i = 0; i < strips.Length; i++)
        {
            uint strip = (uint)strips[i];
            if (strip < count)
            {
                // Two cells a strip, in turn: neighbours in the list mostly share a strip, and would wait for each other's sum.
                Unsafe.Add(ref cells, (2 * strip) + ((uint)i & 1)) += Unsafe.Add(ref weight, Unsafe.Add(ref cluster, i)) * Unsafe.Add(ref charge, i);
                Unsafe.Add(ref touched, strip) = 1;
            }
        }
    }

    /// <summary>Shares charge with neighbours, writes the strips above threshold as hits in order of y, and clears.</summary>
    public void Read(int plane, double z, Readout readout, RandomKey deadKey, DrawBuffer draws, EventSetBuilder hits)
    {
        float coupling = (float)readout.NeighbourCoupling;
        float own = 1 - (2 * coupling);
        float threshold = (float)readout.Threshold;

        // The strips of a block that fire or have a neighbour that was touched, as a mask of 34 bits with one strip on either side.
        uint previous = 0;
        for (int block = 0; block < _count; block += 32)
        {
            uint here = TouchedIn(block);
            uint next = block + 32 < _count ? TouchedIn(block + 32) : 0;
            uint candidates = here | (here << 1) | (here >> 1) | (previous >> 31) | (next << 31);
            previous = here;
            for (; candidates != 0; candidates &= candidates - 1)
            {
                int strip = block + BitOperations.TrailingZeroCount(candidates);
                if (strip >= Guard && strip < _count - Guard)
                {
                    Vector128<float> cell = (own * Cell(strip)) + (coupling * (Cell(strip - 1) + Cell(strip + 1)));
                    if (cell.ToScalar() >= threshold)
                    {
                        Fire(strip, cell, plane, z, readout, deadKey, draws, hits);
                    }
                }
            }
        }

        for (int block = 0; block < _count; block += 32)
        {
            for (uint touched = TouchedIn(block); touched != 0; touched &= touched - 1)
            {
                int strip = block + BitOperations.TrailingZeroCount(touched);
                _cells[2 * strip] = default;
                _cells[(2 * strip) + 1] = default;
            }

            Vector256<byte>.Zero.StoreUnsafe(ref MemoryMarshal.GetArrayDataReference(_touched), (nuint)block);
        }
    }

    private static bool IsDead(RandomKey key, int strip, double fraction) =>
        (key.Split((ulong)strip).State >> 11) * (1.0 / (1UL << 53)) < fraction;

    private Vector128<float> Cell(int strip)
    {
        ref Vector128<float> first = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_cells), 2 * strip);
        return first + Unsafe.Add(ref first, 1);
    }

    private uint TouchedIn(int block) => Vector256.ExtractMostSignificantBits(Vector256<byte>.Zero - Vector256.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(_touched), (nuint)block));

    private void Fire(int strip, Vector128<float> cell, int plane, double z, Readout readout, RandomKey deadKey, DrawBuffer draws, EventSetBuilder hits)
    {
        if (readout.DeadStrips > 0 && IsDead(deadKey, strip + _first, readout.DeadStrips))
        {
            return;
        }

        float charge = cell[0];
        float time = (float)(readout.Window / 2) + (cell[1] / charge) + ((float)readout.TimeResolution * draws.NextGaussian());
        hits.AddHit(plane, (strip + _first + _phase) * _pitch, z, charge, time, cell[2] > 0.5f * charge);
    }
}
