namespace Sagitta.Physics.Deposits;

/// <summary>
/// Deposits of energy in gas gaps as columns that grow and are reused: each is a straight segment through one gap. Not thread-safe.
/// </summary>
internal sealed class DepositList
{
    private byte[] _plane = new byte[64];
    private byte[] _source = new byte[64];
    private int[] _particle = new int[64];
    private float[] _yIn = new float[64];
    private float[] _yOut = new float[64];
    private float[] _depthIn = new float[64];
    private float[] _depthOut = new float[64];
    private float[] _energy = new float[64];
    private float[] _time = new float[64];

    /// <summary>How many deposits there are.</summary>
    public int Count { get; private set; }

    /// <summary>Plane of each deposit.</summary>
    public ReadOnlySpan<byte> Plane => _plane.AsSpan(0, Count);

    /// <summary>What left it, a <see cref="DepositSource"/>.</summary>
    public ReadOnlySpan<byte> Source => _source.AsSpan(0, Count);

    /// <summary>Number of the particle within its event; 0 is the muon.</summary>
    public ReadOnlySpan<int> Particle => _particle.AsSpan(0, Count);

    /// <summary>y where the particle entered the gap or was born in it, mm.</summary>
    public ReadOnlySpan<float> YIn => _yIn.AsSpan(0, Count);

    /// <summary>y where it left the gap or stopped, mm.</summary>
    public ReadOnlySpan<float> YOut => _yOut.AsSpan(0, Count);

    /// <summary>z of the first point from the gap's centre, mm.</summary>
    public ReadOnlySpan<float> DepthIn => _depthIn.AsSpan(0, Count);

    /// <summary>z of the last point from the gap's centre, mm.</summary>
    public ReadOnlySpan<float> DepthOut => _depthOut.AsSpan(0, Count);

    /// <summary>Energy deposited, keV.</summary>
    public ReadOnlySpan<float> Energy => _energy.AsSpan(0, Count);

    /// <summary>Time after that of light from z = 0 straight to the gap's centre, ns.</summary>
    public ReadOnlySpan<float> Time => _time.AsSpan(0, Count);

    /// <summary>Forgets all deposits and keeps the memory.</summary>
    public void Clear() => Count = 0;

    /// <summary>Adds one deposit.</summary>
    public void Add(int plane, DepositSource source, int particle, double yIn, double yOut, double depthIn, double depthOut, double energy,
        double time)
    {
        if (Count == _plane.Length)
        {
            Grow();
        }

        int i = Count++;
        _plane[i] = (byte)plane;
        _source[i] = (byte)source;
        _particle[i] = particle;
        _yIn[i] = (float)yIn;
        _yOut[i] = (float)yOut;
        _depthIn[i] = (float)depthIn;
        _depthOut[i] = (float)depthOut;
        _energy[i] = (float)energy;
        _time[i] = (float)time;
    }

    private void Grow()
    {
        int size = 2 * _plane.Length;
        Array.Resize(ref _plane, size);
        Array.Resize(ref _source, size);
        Array.Resize(ref _particle, size);
        Array.Resize(ref _yIn, size);
        Array.Resize(ref _yOut, size);
        Array.Resize(ref _depthIn, size);
        Array.Resize(ref _depthOut, size);
        Array.Resize(ref _energy, size);
        Array.Resize(ref _time, size);
    }
}

/// <summary>What left a deposit.</summary>
internal enum DepositSource : byte
{
    /// <summary>The muon itself.</summary>
    Muon = 0,

    /// <summary>An electron, positron or photon that the muon set free, anywhere.</summary>
    Electron = 1,

    /// <summary>Background; its particles differ from the muon's event.</summary>
    Background = 2,
}
