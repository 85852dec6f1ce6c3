namespace Sagitta.Tracking.Measurement;

/// <summary>What the strips of a plane come to in the places of its window: each counts in the two that it lies between, by its distance.
/// Also a gradient on these sums.</summary>
internal struct StripSums
{
    private const int Half = StripWindows.Strips / 2;

    /// <summary>Weighted charge of the whole plane.</summary>
    public double Mass;

    /// <summary>Weighted charge in each place.</summary>
    public Places Own;

    /// <summary>What of the charge there is not weighted.</summary>
    public Places Foreign;

    /// <summary>Weighted charge times lateness.</summary>
    public Places Time;

    /// <summary>Adds the strips of a plane, weights, charges, places (mm) and times (ns), about a centroid.</summary>
    public static void Collect(ReadOnlySpan<double> weight, ReadOnlySpan<double> amplitude, ReadOnlySpan<double> y,
        ReadOnlySpan<double> time, double centroid, double perPitch, double eventTime, ref StripSums sums)
    {
        for (int hit = 0; hit < weight.Length; hit++)
        {
            double charge = weight[hit] * amplitude[hit];
            sums.Mass += charge;
            double place = (y[hit] - centroid) * perPitch;
            if (Math.Abs(place) > Half + 1)
            {
                continue;
            }

            double below = Math.Floor(place);
            int j = (int)below + Half;
            double above = place - below;
            double foreign = amplitude[hit] - charge;
            double moment = charge * (time[hit] - eventTime);
            if ((uint)j < StripWindows.Strips)
            {
                sums.Own[j] += (1 - above) * charge;
                sums.Foreign[j] += (1 - above) * foreign;
                sums.Time[j] += (1 - above) * moment;
            }

            if ((uint)(j + 1) < StripWindows.Strips)
            {
                sums.Own[j + 1] += above * charge;
                sums.Foreign[j + 1] += above * foreign;
                sums.Time[j + 1] += above * moment;
            }
        }
    }

    /// <summary>From a gradient on the sums: adds that of the weights (of their logits where these are given) and returns that of a common
    /// shift of all strips, in pitches.</summary>
    public static double Spread(ReadOnlySpan<double> weight, ReadOnlySpan<double> amplitude, ReadOnlySpan<double> y,
        ReadOnlySpan<double> time, double centroid, double perPitch, double eventTime, in StripSums toSums, Span<double> toScore,
        ReadOnlySpan<double> logits)
    {
        double toPlaces = 0;
        for (int hit = 0; hit < weight.Length; hit++)
        {
            double late = time[hit] - eventTime;
            double place = (y[hit] - centroid) * perPitch;
            double toCharge = toSums.Mass;
            double toForeign = 0;
            if (Math.Abs(place) <= Half + 1)
            {
                double floor = Math.Floor(place);
                int j = (int)floor + Half;
                double above = place - floor;
                double charge = weight[hit] * amplitude[hit];
                for (int side = 0; side < 2; side++, j++)
                {
                    if ((uint)j >= StripWindows.Strips)
                    {
                        continue;
                    }

                    double share = side == 0 ? 1 - above : above;
                    double onCharge = toSums.Own[j] + (toSums.Time[j] * late);
                    toCharge += share * onCharge;
                    toForeign += share * toSums.Foreign[j];
                    toPlaces += (side == 0 ? -1 : 1) * ((onCharge * charge) + (toSums.Foreign[j] * (amplitude[hit] - charge)));
                }
            }

            if (!toScore.IsEmpty)
            {
                toScore[hit] += amplitude[hit] * (toCharge - toForeign) * (logits.IsEmpty
                    ? 1 : weight[hit] * SoftClustering.Sigmoid(-logits[hit]));
            }
        }

        return toPlaces;
    }

    /// <summary>A number for each place.</summary>
    [System.Runtime.CompilerServices.InlineArray(StripWindows.Strips)]
    internal struct Places
    {
        private double _first;
    }
}
