using System.Numerics;

namespace Sagitta.Tracking.LineGraphs;

/// <summary>Moments before the layers of the message perceptron: the frame's own or running ones.</summary>
internal static unsafe class MessageStatistics<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Inputs of the first layer.</summary>
    public const int Inputs = (2 * SegmentNetwork.Features) + AngleEncoding.Width;

    private const int Width = 16;

    /// <summary>Means and inverse deviations before a layer, running ones without moments.</summary>
    public static void Load(BatchMoments? moments, Tape<T> tape, MessageParameters parameters, int layer, double epsilon, T* mean,
        T* inverse, int columns)
    {
        ReadOnlySpan<T> runningMean = default;
        ReadOnlySpan<T> runningVariance = default;
        if (moments is null)
        {
            runningMean = tape.Use(parameters.RunningMean(layer)).Values;
            runningVariance = tape.Use(parameters.RunningVariance(layer)).Values;
        }

        for (int c = 0; c < columns; c++)
        {
            double centre = moments is null ? double.CreateTruncating(runningMean[c]) : moments.Mean[c];
            double variance = moments is null ? double.CreateTruncating(runningVariance[c]) : moments.Variance[c];
            mean[c] = T.CreateTruncating(centre);
            inverse[c] = T.CreateTruncating(1 / Math.Sqrt(variance + epsilon));
        }
    }

    /// <summary>From sums over the rows of a frame to its moments.</summary>
    public static void Take(BatchMoments? moments, int rows, double* sums)
    {
        if (moments is null)
        {
            return;
        }

        Span<double> mean = stackalloc double[Width];
        Span<double> variance = stackalloc double[Width];
        for (int c = 0; c < Width; c++)
        {
            mean[c] = rows == 0 ? 0 : sums[c] / rows;
            variance[c] = rows == 0 ? 0 : Math.Max(0, (sums[Width + c] / rows) - (mean[c] * mean[c]));
        }

        moments.Set(rows, mean, variance);
    }
}
