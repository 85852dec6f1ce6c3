namespace Sagitta.Experiments.Muon.Reporting;

/// <summary>Puts the results of a run where readers of the repository find them: docs/results.md, docs/images, and the table in
/// README.md.</summary>
internal static class MuonPublication
{
    private const string Begin = "<!-- muon results: written by 'sagitta reproduce muon --publish', do not edit -->";
    private const string End = "<!-- end of muon results -->";

    /// <summary>Writes into the folder that holds README.md.</summary>
    /// <exception cref="BadInputException">There is no README.md with the marks between which the table goes.</exception>
    public static void Write(string root, MuonComparison comparison, IReadOnlyList<MuonStudyResult> studies, string command)
    {
        // Readers run it from the checkout that they have.
        command = command.Replace($"--publish {root}", "--publish .", StringComparison.Ordinal);
        MarkedText.Replace(Path.Combine(root, "README.md"), Begin, End, "\n" + MuonMarkdown.Short(comparison, command));
        AtomicFile.WriteText(Path.Combine(root, "docs", "results.md"), MuonMarkdown.Document(comparison, studies, command));
        WriteFigures(Path.Combine(root, "docs", "images"), comparison, onlyScan: true);
    }

    /// <summary>Writes figures as files of their own: those of the scan, and residuals and resolution of each sample (of 5 kHz/cm2 alone if
    /// only the scan is wanted).</summary>
    public static void WriteFigures(string folder, MuonComparison comparison, bool onlyScan)
    {
        foreach (string source in comparison.Samples.Select(s => s.Events.Source).Distinct(StringComparer.Ordinal))
        {
            foreach ((string name, Illustration illustration) in MuonFigures.Scan(comparison, source))
            {
                AtomicFile.WriteText(Path.Combine(folder, name + ".svg"), FigureWriter.WriteFile(illustration.Figure));
            }
        }

        foreach (MuonSampleResult sample in comparison.Samples.Where(s => !onlyScan || (s.InScan && s.Background is 5)))
        {
            // In the documents, figures have names that do not change with the run.
            string name = onlyScan ? sample.Events.Source : sample.Name;
            AtomicFile.WriteText(Path.Combine(folder, $"residuals-{name}.svg"),
                FigureWriter.WriteFile(MuonFigures.Residuals(comparison, sample).Figure));
            AtomicFile.WriteText(Path.Combine(folder, $"resolution-{name}.svg"),
                FigureWriter.WriteFile(MuonFigures.Resolution(sample).Figure));
        }
    }
}
