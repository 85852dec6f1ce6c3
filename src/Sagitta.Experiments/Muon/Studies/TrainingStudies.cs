namespace Sagitta.Experiments.Muon.Studies;

/// <summary>Studies that train: the main experiment with one thing changed, or another detector.</summary>
internal static class TrainingStudies
{
    // What a term weighs when a study turns it on that the main experiment leaves off.
    private const double LikelihoodWhereOff = 0.01;
    private static readonly MuonMethod[] _both = [MuonMethod.Factorised, MuonMethod.EndToEnd];
    private static readonly MuonMethod _variant = MuonMethod.EndToEnd with { Variant = "variant" };

    /// <summary>One term of the loss off, or on if the main experiment has it off; end-to-end alone, against its own main form.</summary>
    public static MuonStudyResult Loss(MuonStudyContext context, string term)
    {
        MuonLossOptions loss = context.Options.Experiment.Loss;
        (MuonLossOptions changed, bool off) = term switch
        {
            "classification" => (loss with { Classification = 0 }, true),
            "fit" => (loss with { Fit = 0 }, true),
            _ => loss.Likelihood > 0 ? (loss with { Likelihood = 0 }, true) : (loss with { Likelihood = LikelihoodWhereOff }, false),
        };
        string question = string.Create(
            CultureInfo.InvariantCulture,
            $"End-to-end training {(off ? "without" : "with")} the {term} term of the "
                + $"loss{(off ? "" : $" (weight {LikelihoodWhereOff}; the main experiment has it off)")}, against the main experiment.");
        return AgainstMain(context, "loss-" + term, question, context.Options.Experiment with { Loss = changed });
    }

    /// <summary>No gradient through the errors of the centroids.</summary>
    public static MuonStudyResult DetachedSigma(MuonStudyContext context) => AgainstMain(
        context,
        "detached-sigma",
        "End-to-end training whose gradient does not pass through the errors of the centroids, against the main experiment.",
        context.Options.Experiment with { Loss = context.Options.Experiment.Loss with { DetachErrors = true } });

    /// <summary>Another number of training events, as many optimiser steps.</summary>
    public static MuonStudyResult Size(MuonStudyContext context, string name, int events)
    {
        MuonExperiment main = context.Options.Experiment;
        int epochs = Math.Max(1, (int)Math.Round((double)main.Training.Epochs * main.Data.Training / events));
        MuonExperiment changed = main with
        {
            Data = main.Data with { Training = events },
            Training = main.Training with { Epochs = epochs },
        };
        MuonComparison comparison = Run(context, name, changed, _both, [context.Flux]);
        return new(
            name,
            string.Create(
                CultureInfo.InvariantCulture,
                $"Both methods from {events} training events in {epochs} passes, about as many steps as the main experiment."),
            MuonStudyContext.MethodColumns,
            [.. comparison.Samples.SelectMany(s => MuonStudyContext.Rows(s.Name + ", ", comparison, s))]);
    }

    /// <summary>The whole comparison on another detector, with a report of its own.</summary>
    public static MuonStudyResult OtherDetector(MuonStudyContext context, string detector)
    {
        string name = "detector-" + detector;
        MuonExperiment changed = context.Options.Experiment with { Detector = detector };
        MuonComparison comparison = Run(context, name, changed, _both, context.Options.Experiment.Data.TestBackgrounds);
        string folder = FolderOf(context, name);
        AtomicFile.WriteText(Path.Combine(folder, "tables.txt"), MuonTable.Of(comparison));
        MuonReport.Write(comparison, [], new() { Experiment = changed, Command = $"sagitta reproduce muon --only {name}" },
            Path.Combine(folder, "report.html"));
        return new(
            name,
            $"The main experiment on {detector}, simulated hits alone; studies/{name}/report.html has its figures.",
            MuonStudyContext.MethodColumns,
            [.. comparison.Samples.SelectMany(s => MuonStudyContext.Rows(s.Name + ", ", comparison, s))]);
    }

    private static MuonStudyResult AgainstMain(MuonStudyContext context, string name, string question, MuonExperiment changed)
    {
        MuonComparison headline = context.Headline.Value;
        MuonComparison comparison = Run(context, name, changed, [MuonMethod.EndToEnd], [context.Flux]);
        List<MuonStudyRow> rows = [];
        foreach (MuonSampleResult sample in comparison.Samples)
        {
            MuonMethodResult[] variant = [.. sample.Of(MuonMethod.EndToEnd).Select(r => r with { Method = _variant })];
            IReadOnlyList<MuonMethodResult> main = headline.Samples.FirstOrDefault(s => s.Name == sample.Name)?.Of(
                MuonMethod.EndToEnd) ?? [];
            MuonSampleResult both = sample with { Methods = [.. main.Where(m => variant.Any(v => v.Seed == m.Seed)), .. variant] };
            rows.AddRange(MuonStudyContext.Rows(sample.Name + ", ", comparison, both));
            if (main.Count > 0)
            {
                rows.Add(MuonStudyContext.Difference(sample.Name + ", variant minus end-to-end",
                    new(headline.Chain, headline.Models, [both]), both, _variant, MuonMethod.EndToEnd));
            }
        }

        return new(name, question, MuonStudyContext.MethodColumns, rows);
    }

    private static MuonComparison Run(MuonStudyContext context, string name, MuonExperiment changed, IReadOnlyList<MuonMethod> methods,
        IReadOnlyList<double> fluxes)
    {
        MuonReproductionOptions options = context.Options with
        {
            Experiment = changed with { Data = changed.Data with { TestBackgrounds = fluxes, Efficiency = [] } },
            Seeds = context.Seeds,
            Methods = methods,
            Geant4 = changed.Detector == context.Options.Experiment.Detector
                ? [.. context.Options.Geant4.Where(g => g.Backgrounds is null)] : [],
        };
        return new MuonReproduction(options, FolderOf(context, name), context.Threads, context.Progress).Run(context.Stop);
    }

    private static string FolderOf(MuonStudyContext context, string name) => Path.Combine(context.Folder, "studies", name);
}
