namespace Sagitta.Experiments.Landscapes.Connectivity;

/// <summary>Straight lines and trained curves between pairs of models, within and between methods.</summary>
internal static class ConnectivityAnalysis
{
    /// <summary>Follows the paths of the chosen pairs.</summary>
    /// <param name="context">What all analyses share.</param>
    /// <param name="system">"calorimeter" or "muon", for names of results.</param>
    /// <param name="measured">What losses and quantities depend on beside data and models, for the origin of results.</param>
    /// <param name="models">The models with their parameters.</param>
    /// <param name="probe">What to measure along paths.</param>
    /// <param name="fits">What curves are trained on, by name.</param>
    public static IReadOnlyList<ModelPath> Run(
        LandscapeContext context,
        string system,
        string measured,
        IReadOnlyList<(ModelName Name, float[] Parameters)> models,
        IProbe probe,
        IReadOnlyList<(string Name, ISampledLoss Loss)> fits)
    {
        ConnectivityOptions options = context.Options.Connectivity;
        ModelName[] names = [.. models.Select(m => m.Name)];
        List<ModelPath> paths = [];
        foreach ((int first, int second) in ModelPairs.Within(names, options.Pairs).Concat(ModelPairs.Between(names, options.Pairs)))
        {
            (ModelName a, float[] start) = models[first];
            (ModelName b, float[] end) = models[second];
            string name = $"{system}-path-{a.Slug}-{b.Slug}";
            paths.Add(context.Analyse($"{system} paths", name, context.Origin(options, a.Fingerprint, b.Fingerprint, measured), () =>
            {
                using IStageProgress stage = context.Progress.Begin(
                    $"paths from {a} to {b}", (fits.Count * options.Steps) + ((fits.Count + 1) * options.Points), "steps and points");
                List<PathProfile> profiles = [Profile("straight line", QuadraticBezier.Straight(start, end))];
                foreach ((string fit, ISampledLoss loss) in fits)
                {
                    float[] control = CurveTraining.Run(loss, start, end, options, context.Key.Split(name)
                        .Split(fit), context.Threads, stage, context.Stop);
                    profiles.Add(Profile($"Bezier on {fit}", control));
                }

                return new ModelPath(a, b, profiles);

                PathProfile Profile(string kind, float[] control) =>
                    PathProfile.Measure(kind, probe, start, control, end, options.Points, context.Threads, stage, context.Stop);
            }));
        }

        return paths;
    }
}
