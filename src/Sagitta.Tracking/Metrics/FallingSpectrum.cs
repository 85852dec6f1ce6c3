namespace Sagitta.Tracking.Metrics;

/// <summary>A spectrum dN/dpT that falls as pT^-exponent, made by weights from muons that were drawn with another power, so that few events
/// suffice at both ends.</summary>
/// <param name="Exponent">Power of the spectrum.</param>
/// <param name="SampledExponent">Power that muons were drawn with; 1 is flat in the logarithm of pT.</param>
internal sealed record FallingSpectrum(double Exponent = 4, double SampledExponent = 1)
{
    private const double FeedDown = 5;

    /// <summary>Weight of a muon of a true pT in GeV.</summary>
    public double Weight(double pt) => Math.Pow(pt, SampledExponent - Exponent);

    /// <summary>What a trigger accepts; NaN without events.</summary>
    public SpectrumShares Accepted(ReadOnlySpan<TrackOutcome> outcomes, double threshold)
    {
        double all = 0, accepted = 0, belowThreshold = 0, belowFive = 0, ideal = 0;
        foreach (TrackOutcome outcome in outcomes)
        {
            double weight = Weight(outcome.TruePt);
            all += weight;
            ideal += outcome.TruePt >= threshold ? weight : 0;
            if (TriggerTurnOn.Accepts(outcome, threshold))
            {
                accepted += weight;
                belowThreshold += outcome.TruePt < threshold ? weight : 0;
                belowFive += outcome.TruePt < FeedDown ? weight : 0;
            }
        }

        return new(threshold, accepted / all, belowThreshold / all, belowFive / all, ideal / all);
    }
}

/// <summary>What a trigger accepts of a falling spectrum, as shares of all muons of the spectrum.</summary>
/// <param name="Threshold">Threshold of fitted pT, GeV.</param>
/// <param name="Accepted">Accepted in all.</param>
/// <param name="FromBelowThreshold">Accepted with a true pT below the threshold.</param>
/// <param name="FromBelowFive">Accepted with a true pT below 5 GeV.</param>
/// <param name="Ideal">What a trigger on the true pT would accept.</param>
internal sealed record SpectrumShares(double Threshold, double Accepted, double FromBelowThreshold, double FromBelowFive, double Ideal);
