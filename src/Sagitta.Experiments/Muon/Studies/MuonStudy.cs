namespace Sagitta.Experiments.Muon.Studies;

/// <summary>A question beside the main comparison, answered on its own and kept, so that a stopped run goes on with the next.</summary>
/// <param name="Name">What --only takes.</param>
/// <param name="Trains">Whether it trains networks; those that do belong to the full run alone.</param>
/// <param name="Run">Answers it.</param>
internal sealed record MuonStudy(string Name, bool Trains, Func<MuonStudyContext, MuonStudyResult> Run)
{
    /// <summary>The answer in the run's folder if it is there and of the same options, else answered now.</summary>
    public MuonStudyResult Answer(MuonStudyContext context)
    {
        string path = Path.Combine(context.Folder, "studies", Name + ".json");
        string key = KeyOf(context);
        if (MuonStudyResult.TryRead(Name, path, key) is { } known)
        {
            return known;
        }

        context.Stop.ThrowIfCancellationRequested();
        MuonStudyResult result = Run(context);
        result.Write(path, key);
        return result;
    }

    /// <summary>The answer if the run's folder has it.</summary>
    public MuonStudyResult? TryKnown(MuonStudyContext context) =>
        MuonStudyResult.TryRead(Name, Path.Combine(context.Folder, "studies", Name + ".json"), KeyOf(context));

    // No study counts the muons found in the large sample.
    private static string KeyOf(MuonStudyContext context) =>
        $"{ConfigurationFile.Write(context.Options.Experiment with { Data = context.Options.Experiment.Data with { Efficiency = [] } })}"
        + $"seeds {context.Options.Seeds}, of studies {context.Seeds}, "
        + $"{string.Join(", ", context.Options.Geant4.Select(g => Path.GetFileName(g.Hits)))}";
}
