namespace Sagitta.Experiments.Muon.Studies;

/// <summary>All studies by name.</summary>
internal static class MuonStudies
{
    /// <summary>In the order of the report: those that only evaluate first.</summary>
    public static IReadOnlyList<MuonStudy> All { get; } =
    [
        new("readings", false, SensitivityStudies.Readings),
        new("wrong-field", false, SensitivityStudies.WrongField),
        new("misaligned", false, SensitivityStudies.Misaligned),
        new("gradient", false, GradientStudy.Run),
        new("influence", false, InfluenceStudy.Run),
        new("loss-classification", true, context => TrainingStudies.Loss(context, "classification")),
        new("loss-fit", true, context => TrainingStudies.Loss(context, "fit")),
        new("loss-likelihood", true, context => TrainingStudies.Loss(context, "likelihood")),
        new("detached-sigma", true, TrainingStudies.DetachedSigma),
        new("size-1k", true, context => TrainingStudies.Size(context, "size-1k", 1000)),
        new("size-5k", true, context => TrainingStudies.Size(context, "size-5k", 5000)),
        new("size-20k", true, context => TrainingStudies.Size(context, "size-20k", 20_000)),
        new("size-100k", true, context => TrainingStudies.Size(context, "size-100k", 100_000)),
        new("detector-toy17", true, context => TrainingStudies.OtherDetector(context, "toy17")),
        new("detector-three-station", true, context => TrainingStudies.OtherDetector(context, "three-station")),
    ];

    /// <summary>The study of a name.</summary>
    /// <exception cref="BadInputException">There is none.</exception>
    public static MuonStudy Named(string name) => All.FirstOrDefault(s => string.Equals(s.Name, name, StringComparison.Ordinal))
        ?? throw new BadInputException($"--only {name}", "there is no study of this name",
            $"give one of {string.Join(", ", All.Select(s => s.Name))}");
}
