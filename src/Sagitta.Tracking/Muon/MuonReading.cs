namespace Sagitta.Tracking.Muon;

/// <summary>How the logits of a trained network become weights of hits.</summary>
internal abstract record MuonReading
{
    private MuonReading()
    {
    }

    /// <summary>"soft", "hard" or "calibrated".</summary>
    public abstract string Name { get; }

    /// <summary>The weight of a logit, from 0 to 1.</summary>
    public abstract double Weight(double logit);

    /// <summary>Weights of all hits.</summary>
    public double[] Weights(ReadOnlySpan<float> logits)
    {
        double[] weights = new double[logits.Length];
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = Weight(logits[i]);
        }

        return weights;
    }

    /// <summary>The weight of training: sigmoid(sharpness (logit - half-weight logit)).</summary>
    public sealed record Soft(double Sharpness = 1, double HalfWeightLogit = 0) : MuonReading
    {
        public override string Name => "soft";

        public override double Weight(double logit) => SoftClustering.Sigmoid(WeightLogit(logit));

        /// <summary>The logit of the weight of a logit.</summary>
        public double WeightLogit(double logit) => Sharpness * (logit - HalfWeightLogit);

        /// <summary>The same of many logits, through which gradients pass.</summary>
        public Tensor<double> WeightLogits(Tensor<double> logits) => Scale<double>.Apply(logits, Sharpness, -Sharpness * HalfWeightLogit);
    }

    /// <summary>1 from a threshold on the logit on, else 0.</summary>
    public sealed record Hard(double Threshold) : MuonReading
    {
        public override string Name => "hard";

        public override double Weight(double logit) => logit >= Threshold ? 1 : 0;
    }

    /// <summary>sigmoid(a logit + b).</summary>
    public sealed record Calibrated(double Slope, double Offset) : MuonReading
    {
        public override string Name => "calibrated";

        public override double Weight(double logit) => SoftClustering.Sigmoid((Slope * logit) + Offset);
    }

    /// <summary>
    /// The readings that every network is offered on validation events, around the one of training and around a half weight at logit 0; the
    /// same for all methods.
    /// </summary>
    public static IReadOnlyList<MuonReading> Candidates(Soft training) =>
    [
        training,
        .. new[] { -2.0, -1, 0, 1, 2, 3, 4 }.Select(threshold => (MuonReading)new Hard(threshold)),
        .. (from centre in new[] { 0, training.HalfWeightLogit }
            from slope in new[] { 0.5, 1, 2, 4 }
            from offset in new[] { -6.0, -4, -2, -1, 0, 1, 2 }
            select (MuonReading)new Calibrated(slope * training.Sharpness, offset - (slope * training.Sharpness * centre))).Distinct(),
    ];
}
