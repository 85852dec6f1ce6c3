using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Sagitta.Core.Randomness;

/// <summary>
/// Draws of one key made in blocks by vector code and handed out one at a time: uniforms, standard normals, exponentials and Erlang
/// numbers, each kind from a sequence of its own, so that what one kind yields does not depend on how many of another were taken. Reused
/// over keys by <see cref="Restart"/>, without allocation. Not thread-safe.
/// </summary>
internal sealed class DrawBuffer
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

        nuint begin = (nuint)(uint)_nextUniform;
        _nextUniform += Lanes;
        return Vector256.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(_uniform), begin);
    }

    /// <summary>
    /// How many eights of both <see cref="Gaussians"/> and <see cref="Erlangs"/> can be had in one piece each, at least one and at most
    /// <paramref name="most"/>: taken so, they are those that would be taken eight by eight.
    /// </summary>
    public int ReadyEights(int most)
    {
        if (_nextGaussian > Block - Lanes)
        {
            FillGaussian();
        }

        if (_nextErlang > Block - Lanes)
        {
            FillErlang();
        }

        return Math.Min(most, (Block - Math.Max(_nextGaussian, _nextErlang)) / Lanes);
    }

    // Each generator is copied to a local while it fills a block, so that its state stays in registers. Compiled fully at once: these loops
    // have no branches that a profile could tell of, and without inlining, until it is known that they are hot, they cost ten times as
    // much.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private void FillUniform()
    {
        VectorDraws uniforms = _uniforms;
        ref float block = ref MemoryMarshal.GetArrayDataReference(_uniform);
        for (nuint i = 0; i < Block; i += Lanes)
        {
            VectorDraws.UniformOf(uniforms.Next()).StoreUnsafe(ref block, i);
        }

        _uniforms = uniforms;
        _nextUniform = 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private void FillGaussian()
    {
        VectorDraws gaussians = _gaussians;
        ref float block = ref MemoryMarshal.GetArrayDataReference(_gaussian);
        for (nuint i = 0; i < Block; i += 8 * Lanes)
        {
            gaussians.Gaussians(ref Unsafe.Add(ref block, i));
        }

        _gaussians = gaussians;
        _nextGaussian = 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private void FillExponential()
    {
        VectorDraws exponentials = _exponentials;
        ref float block = ref MemoryMarshal.GetArrayDataReference(_exponential);
        for (nuint i = 0; i < Block; i += 4 * Lanes)
        {
            Vector256<float> x0 = VectorDraws.UniformOf(exponentials.Next());
            Vector256<float> x1 = VectorDraws.UniformOf(exponentials.Next());
            Vector256<float> x2 = VectorDraws.UniformOf(exponentials.Next());
            Vector256<float> x3 = VectorDraws.UniformOf(exponentials.Next());
            (x0, x1, x2, x3) = VectorDraws.Logarithms(x0, x1, x2, x3);
            (-x0).StoreUnsafe(ref block, i);
            (-x1).StoreUnsafe(ref block, i + Lanes);
            (-x2).StoreUnsafe(ref block, i + (2 * Lanes));
            (-x3).StoreUnsafe(ref block, i + (3 * Lanes));
        }

        _exponentials = exponentials;
        _nextExponential = 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private void FillErlang()
    {
        VectorDraws erlangs = _erlangs;
        ref float block = ref MemoryMarshal.GetArrayDataReference(_erlang);
        Vector256<float> scale = Vector256.Create(-1f / _shape);
        int drawsPerNumber = (_shape + 1) / 2;
        Span<Vector256<uint>> bits = stackalloc Vector256<uint>[4 * drawsPerNumber];
        for (nuint i = 0; i < Block; i += 4 * Lanes)
        {
            // The draws of eight numbers come before those of the next eight.
            foreach (ref Vector256<uint> eight in bits)
            {
                eight = erlangs.Next();
            }

            // The sum of logarithms is that of a product; two uniforms of 16 bits come of one draw, and four multiply to no less than
            // 2^-68.
            Vector256<float> sum0 = Vector256<float>.Zero;
            Vector256<float> sum1 = Vector256<float>.Zero;
            Vector256<float> sum2 = Vector256<float>.Zero;
            Vector256<float> sum3 = Vector256<float>.Zero;
            for (int from = 0; from < _shape; from += UniformsPerLogarithm)
            {
                (Vector256<float> log0, Vector256<float> log1, Vector256<float> log2, Vector256<float> log3) = VectorDraws.Logarithms(
                    Product(bits, from, 0), Product(bits, from, drawsPerNumber), Product(bits, from, 2 * drawsPerNumber), Product(
                        bits, from, 3 * drawsPerNumber));
                sum0 += log0;
                sum1 += log1;
                sum2 += log2;
                sum3 += log3;
            }

            (sum0 * scale).StoreUnsafe(ref block, i);
            (sum1 * scale).StoreUnsafe(ref block, i + Lanes);
            (sum2 * scale).StoreUnsafe(ref block, i + (2 * Lanes));
            (sum3 * scale).StoreUnsafe(ref block, i + (3 * Lanes));
        }

        _erlangs = erlangs;
        _nextErlang = 0;
    }

    // The product of up to four uniforms of each of eight numbers, whose draws begin at a place.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<float> Product(ReadOnlySpan<Vector256<uint>> bits, int from, int at)
    {
        Vector256<float> product = Vector256<float>.One;
        for (int k = from; k < Math.Min(from + UniformsPerLogarithm, _shape); k += 2)
        {
            Vector256<uint> draw = bits[at + (k / 2)];
            product *= k + 1 < _shape ? VectorDraws.UniformProductOf(draw) : VectorDraws.UniformOf(draw);
        }

        return product;
    }
}
