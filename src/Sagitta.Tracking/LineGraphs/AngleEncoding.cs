using System.Numerics;

namespace Sagitta.Tracking.LineGraphs;

/// <summary>
/// Encodes the angle between two segments as sines and cosines of its square root at 64 frequencies spaced geometrically from 1 to
/// 1000^(63/64) (arXiv:2407.13420, after Vaswani et al., arXiv:1706.03762): column 2k is the sine, 2k + 1 the cosine.
/// </summary>
internal static class AngleEncoding
{
    /// <summary>Number of columns.</summary>
    public const int Width = 128;

    private const double Scale = 0.001;

    /// <summary>
    /// Angular frequency of columns 2k and 2k + 1. Exponent and result are rounded to float, as in the published code: at
    /// the highest frequency that rounding alone moves phases by 1e-4.
    /// </summary>
    public static double Frequency(int k) => (float)Math.Exp(2 * k * (float)(-Math.Log(Scale) / Width));

    /// <summary>Writes the encoding of one angle.</summary>
    /// <param name="root">Square root of the angle, in square roots of rad.</param>
    /// <param name="encoding">Receives <see cref="Width"/> values.</param>
    public static void Encode<T>(double root, Span<T> encoding)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int k = 0; k < Width / 2; k++)
        {
            (double sine, double cosine) = Math.SinCos(root * Frequency(k));
            encoding[2 * k] = T.CreateTruncating(sine);
            encoding[(2 * k) + 1] = T.CreateTruncating(cosine);
        }
    }
}
