namespace Sagitta.Physics.Digitisation;

/// <summary>A standard normal beyond a threshold well above 0.</summary>
internal static class GaussianTail
{
    /// <summary>The probability of a value above <paramref name="threshold"/>, by Laplace's continued fraction (Abramowitz and Stegun,
    /// 26.2.14); from 1 on it has six digits or more.</summary>
    public static double Beyond(double threshold)
    {
        double tail = threshold;
        for (int k = 60; k > 0; k--)
        {
            tail = threshold + (k / tail);
        }

        return Math.Exp(-threshold * threshold / 2) / (Math.Sqrt(2 * Math.PI) * tail);
    }

    /// <summary>A value above <paramref name="threshold"/>: an exponential of its slope, kept with the probability by which the normal is
    /// lower (Marsaglia, Technometrics 6 (1964) 101).</summary>
    public static double Draw(double threshold, DrawBuffer draws)
    {
        double beyond;
        do
        {
            beyond = draws.NextExponential() / threshold;
        }
        while (2 * draws.NextExponential() < beyond * beyond);
        return threshold + beyond;
    }
}
