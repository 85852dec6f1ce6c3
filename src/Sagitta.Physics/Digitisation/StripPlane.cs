using System.Numerics;
using Sagitta.Autodiff.Randomness;
using Sagitta.Physics.Detectors;
using Sagitta.Physics.Events;

namespace Sagitta.Physics.Digitisation;

/// <summary>
/// The strips of one plane within one road while charge arrives: charge, charge of the signal and charge-weighted time per strip.
/// Reused over planes and events; only strips that were touched are cleared. Not thread-safe.
/// </summary>
internal sealed class StripPlane
{
    private const int Guard = 1;
    private float[] _charge = [];
    private float[] _signal = [];
    private float[] _time = [];
    private ulong[] _touched = [];
    private int _first;
    private int _count;
    private double _pitch;
    private double _phase;
    private float _inversePitch;
    private float _origin;

    /// <summary>Begins a plane: strip s has its centre at (s + phase) pitch; those within the road are read out.</summary>
    public void Begin(double pitch, double phase, double roadCentre, double roadHalfWidth)
    {
        _pitch = pitch;
        _phase = phase;
        _first = (int)Math.Ceiling(((roadCentre - roadHalfWidth) / pitch) - phase) - Guard;
        int last = (int)Math.Floor(((roadCentre + roadHalfWidth) / pitch) - phase) + Guard;
        _count = last - _first + 1;
        _inversePitch = (float)(1 / pitch);
        _origin = (float)((_first + phase - 0.5) * pitch);
        if (_count > _charge.Length)
        {
            _charge = new float[_count];
            _signal = new float[_count];
            _time = new float[_count];
            _touched = new ulong[(_count + 63) / 64];
        }
    }

    /// <summary>Adds charge (electrons) that arrives at y (mm) at a time (ns); outside the road and its guard strips it is lost.</summary>
    public void Add(float y, float charge, float time, float signal)
    {
        int strip = (int)MathF.Floor((y - _origin) * _inversePitch);
        if ((uint)strip < (uint)_count)
        {
            _charge[strip] += charge;
            _time[strip] += charge * time;
            _signal[strip] += charge * signal;
            _touched[strip >> 6] |= 1UL << strip;
        }
    }

    /// <summary>Shares charge with neighbours, writes the strips above threshold as hits in order of y, and clears.</summary>
    public void Read(int plane, double z, Readout readout, RandomKey deadKey, DrawBuffer draws, EventSetBuilder hits)
    {
        float coupling = (float)readout.NeighbourCoupling;
        float own = 1 - (2 * coupling);
        float threshold = (float)readout.Threshold;
        float resolution = (float)readout.TimeResolution;
        float start = (float)(readout.Window / 2);
        int words = (_count + 63) / 64;
        ulong carry = 0;
        for (int word = 0; word < words; word++)
        {
            ulong here = _touched[word];
            ulong next = word + 1 < words ? _touched[word + 1] : 0;
            ulong candidates = here | (here << 1) | (here >> 1) | carry | (next << 63);
            carry = here >> 63;
            for (; candidates != 0; candidates &= candidates - 1)
            {
                int strip = (word << 6) + BitOperations.TrailingZeroCount(candidates);
                if (strip < Guard || strip >= _count - Guard)
                {
                    continue;
                }

                float charge = (own * _charge[strip]) + (coupling * (_charge[strip - 1] + _charge[strip + 1]));
                if (!(charge >= threshold) || (readout.DeadStrips > 0 && IsDead(deadKey, strip + _first, readout.DeadStrips)))
                {
                    continue;
                }

                float signal = (own * _signal[strip]) + (coupling * (_signal[strip - 1] + _signal[strip + 1]));
                float time = ((own * _time[strip]) + (coupling * (_time[strip - 1] + _time[strip + 1]))) / charge;
                hits.AddHit(plane, (strip + _first + _phase) * _pitch, z, charge, start + time + (resolution * draws.NextGaussian()), signal > 0.5f * charge);
            }
        }

        Clear(words);
    }

    private static bool IsDead(RandomKey key, int strip, double fraction) =>
        (key.Split((ulong)strip).State >> 11) * (1.0 / (1UL << 53)) < fraction;

    private void Clear(int words)
    {
        for (int word = 0; word < words; word++)
        {
            for (ulong touched = _touched[word]; touched != 0; touched &= touched - 1)
            {
                int strip = (word << 6) + BitOperations.TrailingZeroCount(touched);
                _charge[strip] = 0;
                _signal[strip] = 0;
                _time[strip] = 0;
            }

            _touched[word] = 0;
        }
    }
}
