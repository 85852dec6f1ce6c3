namespace Sagitta.Tracking.Metrics;

/// <summary>A trigger that asks for a converged track whose fitted pT reaches a threshold.</summary>
internal static class TriggerTurnOn
{
    /// <summary>Borders of bins about a threshold in GeV, in which a turn-on curve is drawn: multiples of it.</summary>
    public static double[] Borders(double threshold)
    {
        ReadOnlySpan<double> multiples = [0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 1, 1.05, 1.1, 1.2, 1.4, 2, 3];
        double[] borders = new double[multiples.Length];
        for (int i = 0; i < borders.Length; i++)
        {
            borders[i] = multiples[i] * threshold;
        }

        return borders;
    }

    /// <summary>Whether the trigger fires: failed fits never do.</summary>
    public static bool Accepts(in TrackOutcome outcome, double threshold) =>
        outcome.Status == SolveStatus.Converged && Math.Abs(outcome.QOverPt) * threshold <= 1;

    /// <summary>Counts outcomes (one an attempted event with a muon) in bins of true pT.</summary>
    public static IReadOnlyList<TurnOnBin> Of(ReadOnlySpan<TrackOutcome> outcomes, double threshold, ReadOnlySpan<double> borders)
    {
        List<TurnOnBin> bins = [];
        for (int b = 0; b + 1 < borders.Length; b++)
        {
            int attempted = 0;
            int accepted = 0;
            foreach (TrackOutcome outcome in outcomes)
            {
                if (outcome.TruePt >= borders[b] && outcome.TruePt < borders[b + 1])
                {
                    attempted++;
                    accepted += Accepts(outcome, threshold) ? 1 : 0;
                }
            }

            bins.Add(new(borders[b], borders[b + 1], attempted, accepted));
        }

        return bins;
    }
}

/// <summary>How many muons of a range of true pT a trigger accepts.</summary>
/// <param name="PtLow">Lower border, GeV.</param>
/// <param name="PtHigh">Upper border, GeV.</param>
/// <param name="Attempted">Events with a muon.</param>
/// <param name="Accepted">Those with a converged track of fitted pT at or above the threshold.</param>
internal sealed record TurnOnBin(double PtLow, double PtHigh, int Attempted, int Accepted)
{
    /// <summary>Share that is accepted; NaN without events.</summary>
    public double Efficiency => (double)Accepted / Attempted;
}
