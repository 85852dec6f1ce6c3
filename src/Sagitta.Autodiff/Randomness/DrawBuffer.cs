namespace Sagitta.Autodiff.Randomness;

/// <summary>
/// Draws of one key made in blocks and handed out one at a time: uniforms, standard normals and exponentials, each kind from a
/// sequence of its own, so that what one kind yields does not depend on how many of another were taken. Reused over keys by
/// <see cref="Restart"/>, without allocation. Not thread-safe.
/// </summary>
public sealed class DrawBuffer
{
    private const int Block = 64;
    private readonly float[] _uniform = new float[Block];
    private readonly float[] _gaussian = new float[Block];
    private readonly float[] _exponential = new float[Block];
    private RandomDraws _uniforms;
    private RandomDraws _gaussians;
    private RandomDraws _exponentials;
    private int _nextUniform = Block;
    private int _nextGaussian = Block;
    private int _nextExponential = Block;

    /// <summary>A buffer of the given key's draws.</summary>
    public DrawBuffer(RandomKey key = default) => Restart(key);

    /// <summary>Drops what is buffered and begins the draws of another key.</summary>
    public void Restart(RandomKey key)
    {
        _uniforms = key.Split(0).Draws();
        _gaussians = key.Split(1).Draws();
        _exponentials = key.Split(2).Draws();
        _nextUniform = Block;
        _nextGaussian = Block;
        _nextExponential = Block;
    }

    /// <summary>Uniform in [0, 1), in steps of 2^-24.</summary>
    public float NextUniform()
    {
        if (_nextUniform == Block)
        {
            FillUniform();
        }

        return _uniform[_nextUniform++];
    }

    /// <summary>Standard normal.</summary>
    public float NextGaussian()
    {
        if (_nextGaussian == Block)
        {
            FillGaussian();
        }

        return _gaussian[_nextGaussian++];
    }

    /// <summary>Exponential with mean 1.</summary>
    public float NextExponential()
    {
        if (_nextExponential == Block)
        {
            FillExponential();
        }

        return _exponential[_nextExponential++];
    }

    private void FillUniform()
    {
        for (int i = 0; i < Block; i++)
        {
            _uniform[i] = (_uniforms.NextBits() >> 40) * (1f / (1 << 24));
        }

        _nextUniform = 0;
    }

    private void FillGaussian()
    {
        for (int i = 0; i < Block; i++)
        {
            _gaussian[i] = (float)_gaussians.NextGaussian();
        }

        _nextGaussian = 0;
    }

    private void FillExponential()
    {
        for (int i = 0; i < Block; i++)
        {
            _exponential[i] = (float)_exponentials.NextExponential();
        }

        _nextExponential = 0;
    }
}
