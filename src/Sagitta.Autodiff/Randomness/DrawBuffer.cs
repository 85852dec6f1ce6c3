using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Sagitta.Autodiff.Randomness;

/// <summary>
/// Draws of one key made in blocks by vector code and handed out one at a time: uniforms, standard normals, exponentials and Erlang
/// numbers, each kind from a sequence of its own, so that what one kind yields does not depend on how many of another were taken. Reused
/// over keys by <see cref="Restart"/>, without allocation. Not thread-safe.
/// </summary>
public sealed class DrawBuffer
{
    private const int Block = 128;
    private const int Lanes = 8;
    private const int UniformsPerLogarithm = 4;
    private readonly float[] _uniform = new float[Block];
    private readonly float[] _gaussian = new float[Block];
    private readonly float[] _exponential = new float[Block];
    private readonly float[] _erlang = new float[Block];
    private readonly int _shape;
    private VectorDraws _uniforms;
    private VectorDraws _gaussians;
    private VectorDraws _exponentials;
    private VectorDraws _erlangs;
    private int _nextUniform;
    private int _nextGaussian;
    private int _nextExponential;
    private int _nextErlang;

    /// <summary>A buffer without a key: give it one by <see cref="Restart"/>.</summary>
    /// <param name="erlangShape">Shape of <see cref="NextErlang"/>, 1 or more.</param>
    public DrawBuffer(int erlangShape = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(erlangShape, 1);
        _shape = erlangShape;
        Restart(default);
    }

    /// <summary>Drops what is buffered and begins the draws of a key.</summary>
    public void Restart(RandomKey key)
    {
        _uniforms = new(key.Split(0));
        _gaussians = new(key.Split(1));
        _exponentials = new(key.Split(2));
        _erlangs = new(key.Split(3));
        _nextUniform = Block;
        _nextGaussian = Block;
        _nextExponential = Block;
        _nextErlang = Block;
    }

    /// <summary>Uniform in the open interval (0, 1): (n + 1/2) 2^-23.</summary>
    public float NextUniform()
    {
        if (_nextUniform == Block)
        {
            FillUniform();
        }

        return _uniform[_nextUniform++];
    }

    /// <summary>Standard normal; never beyond 5.8.</summary>
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

    /// <summary>The mean of as many exponentials as the shape says: mean 1, variance 1/shape.</summary>
    public float NextErlang()
    {
        if (_nextErlang == Block)
        {
            FillErlang();
        }

        return _erlang[_nextErlang++];
    }

    /// <summary>Some uniforms at once, at most 64; what is left of a block that is too short is dropped.</summary>
    public ReadOnlySpan<float> Uniforms(int count)
    {
        if (_nextUniform > Block - count)
        {
            FillUniform();
        }

        _nextUniform += count;
        return _uniform.AsSpan(_nextUniform - count, count);
    }

    /// <summary>Some standard normals at once, at most 64; what is left of a block that is too short is dropped.</summary>
    public ReadOnlySpan<float> Gaussians(int count)
    {
        if (_nextGaussian > Block - count)
        {
            FillGaussian();
        }

        _nextGaussian += count;
        return _gaussian.AsSpan(_nextGaussian - count, count);
    }

    /// <summary>Some Erlang numbers at once, at most 64; what is left of a block that is too short is dropped.</summary>
    public ReadOnlySpan<float> Erlangs(int count)
    {
        if (_nextErlang > Block - count)
        {
            FillErlang();
        }

        _nextErlang += count;
        return _erlang.AsSpan(_nextErlang - count, count);
    }

    /// <summary>Eight uniforms, as <see cref="Uniforms"/> has them.</summary>
    public Vector256<float> EightUniforms()
    {
        if (_nextUniform > Block - Lanes)
        {
            FillUniform();
        }

        return Take(_uniform, ref _nextUniform);
    }

    /// <summary>Eight standard normals, as <see cref="Gaussians"/> has them.</summary>
    public Vector256<float> EightGaussians()
    {
        if (_nextGaussian > Block - Lanes)
        {
            FillGaussian();
        }

        return Take(_gaussian, ref _nextGaussian);
    }

    /// <summary>Eight Erlang numbers, as <see cref="Erlangs"/> has them.</summary>
    public Vector256<float> EightErlangs()
    {
        if (_nextErlang > Block - Lanes)
        {
            FillErlang();
        }

        return Take(_erlang, ref _nextErlang);
    }

    // The caller has seen to it that eight are left.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Take(float[] block, ref int next)
    {
        nuint begin = (nuint)(uint)next;
        next += Lanes;
        return Vector256.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(block), begin);
    }

    // Each generator is copied to a local while it fills a block, so that its state stays in registers.
    private void FillUniform()
    {
        VectorDraws uniforms = _uniforms;
        for (int i = 0; i < Block; i += Lanes)
        {
            uniforms.Uniform().CopyTo(_uniform, i);
        }

        _uniforms = uniforms;
        _nextUniform = 0;
    }

    private void FillGaussian()
    {
        VectorDraws gaussians = _gaussians;
        for (int i = 0; i < Block; i += 2 * Lanes)
        {
            (Vector256<float> first, Vector256<float> second) = gaussians.Gaussian();
            first.CopyTo(_gaussian, i);
            second.CopyTo(_gaussian, i + Lanes);
        }

        _gaussians = gaussians;
        _nextGaussian = 0;
    }

    private void FillExponential()
    {
        VectorDraws exponentials = _exponentials;
        for (int i = 0; i < Block; i += Lanes)
        {
            VectorDraws.MinusLogarithm(exponentials.Uniform()).CopyTo(_exponential, i);
        }

        _exponentials = exponentials;
        _nextExponential = 0;
    }

    private void FillErlang()
    {
        VectorDraws erlangs = _erlangs;
        Vector256<float> scale = Vector256.Create(1f / _shape);
        for (int i = 0; i < Block; i += Lanes)
        {
            // The sum of logarithms is that of a product; two uniforms of 16 bits come of one draw, and four multiply to no less than 2^-68.
            Vector256<float> sum = Vector256<float>.Zero;
            Vector256<float> product = _shape == 1 ? erlangs.Uniform() : erlangs.UniformProduct();
            for (int k = 2; k < _shape; k += 2)
            {
                if (k % UniformsPerLogarithm == 0)
                {
                    sum += VectorDraws.MinusLogarithm(product);
                    product = Vector256<float>.One;
                }

                product *= k + 1 < _shape ? erlangs.UniformProduct() : erlangs.Uniform();
            }

            ((sum + VectorDraws.MinusLogarithm(product)) * scale).CopyTo(_erlang, i);
        }

        _erlangs = erlangs;
        _nextErlang = 0;
    }
}
