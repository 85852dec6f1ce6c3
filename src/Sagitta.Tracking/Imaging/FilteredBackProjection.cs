using System.Numerics;
using MathNet.Numerics.IntegralTransforms;

namespace Sagitta.Tracking.Imaging;

/// <summary>Slices from parallel projections over half a turn, by filtered back projection with the filter of Shepp and Logan (Kak and
/// Slaney, Principles of Computerized Tomographic Imaging (1988), chapter 3). Lengths in mm.</summary>
internal sealed class FilteredBackProjection
{
    private readonly int _bins;
    private readonly double _width;
    private readonly Complex[] _response;

    /// <summary>For projections of so many bins, the middle one of which, or the border in the middle, lies on the axis.</summary>
    public FilteredBackProjection(int bins, double width)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bins);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        (_bins, _width) = (bins, width);
        _response = new Complex[(int)BitOperations.RoundUpToPowerOf2((uint)(2 * bins))];
        for (int i = 0; i < _response.Length; i++)
        {
            double n = Math.Min(i, _response.Length - i);
            _response[i] = -2 / (Math.PI * Math.PI * width * ((4 * n * n) - 1));
        }

        Fourier.Forward(_response, FourierOptions.Matlab);
    }

    /// <summary>Places of the bins' middles.</summary>
    public double[] Bins => [.. Enumerable.Range(0, _bins).Select(bin => (bin + 0.5 - (_bins / 2.0)) * _width)];

    /// <summary>A projection as it is summed up: of the unit of the projection over mm.</summary>
    public double[] Filter(ReadOnlySpan<double> projection)
    {
        var values = new Complex[_response.Length];
        for (int bin = 0; bin < _bins; bin++)
        {
            values[bin] = projection[bin];
        }

        Fourier.Forward(values, FourierOptions.Matlab);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] *= _response[i];
        }

        Fourier.Inverse(values, FourierOptions.Matlab);
        return [.. values.Take(_bins).Select(value => value.Real)];
    }

    /// <summary>The slice on square pixels.</summary>
    /// <param name="projections">A projection for each of equally spaced angles over half a turn, from 0 on: at angle a, the point (x, y)
    /// is projected to x cos a - y sin a.</param>
    /// <param name="at">Middles of pixels along x and y.</param>
    /// <returns>Row by row, the lowest y first.</returns>
    public double[] Slice(IReadOnlyList<double[]> projections, IReadOnlyList<double> at)
    {
        double[] slice = new double[at.Count * at.Count];
        for (int angle = 0; angle < projections.Count; angle++)
        {
            double[] filtered = Filter(projections[angle]);
            (double sine, double cosine) = Math.SinCos(Math.PI * angle / projections.Count);
            for (int i = 0; i < slice.Length; i++)
            {
                (int bin, double share) = Place((at[i % at.Count] * cosine) - (at[i / at.Count] * sine));
                if (bin >= 0 && bin + 1 < _bins)
                {
                    slice[i] += Math.PI / projections.Count * (filtered[bin] + (share * (filtered[bin + 1] - filtered[bin])));
                }
            }
        }

        return slice;
    }

    /// <summary>Standard error of the mean of some pixels of a slice, from those of the projections.</summary>
    /// <param name="errors">Standard error of each bin of each projection.</param>
    /// <param name="points">The pixels' middles.</param>
    public double MeanError(IReadOnlyList<double[]> errors, IReadOnlyCollection<(double X, double Y)> points)
    {
        double variance = 0;
        double[] footprint = new double[_bins];
        for (int angle = 0; angle < errors.Count; angle++)
        {
            Array.Clear(footprint);
            (double sine, double cosine) = Math.SinCos(Math.PI * angle / errors.Count);
            foreach ((double x, double y) in points)
            {
                (int bin, double share) = Place((x * cosine) - (y * sine));
                if (bin >= 0 && bin + 1 < _bins)
                {
                    footprint[bin] += (1 - share) / points.Count;
                    footprint[bin + 1] += share / points.Count;
                }
            }

            // The filter is symmetric, so it is its own adjoint.
            double[] weights = Filter(footprint);
            for (int bin = 0; bin < _bins; bin++)
            {
                double weight = Math.PI / errors.Count * weights[bin] * errors[angle][bin];
                variance += weight * weight;
            }
        }

        return Math.Sqrt(variance);
    }

    private (int Bin, double Share) Place(double at)
    {
        double place = (at / _width) + (_bins / 2.0) - 0.5;
        int bin = (int)Math.Floor(place);
        return (bin, place - bin);
    }
}
