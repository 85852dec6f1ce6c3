namespace Sagitta.Experiments.Landscapes.Connectivity;

/// <summary>Straight lines and trained curves between pairs of models, within and between methods.</summary>
internal static class ConnectivityAnalysis
{
    public static IReadOnlyList<ModelPath> Run(LandscapeContext context, string system, string measured,
        IReadOnlyList<(ModelName Name, float[] Parameters)> models, IProbe probe, IReadOnlyList<(string Name, ISampledLoss Loss)> fits)
    {
        ConnectivityOptions options = context.Options.Connectivity;
        ModelName[] names = [.. models.Select(m => m.Name)];
        List<ModelPath> paths = [];
        foreach ((int first, int second) in ModelPairs.Chosen(names, options.Pairs))
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
                    PathProfile.Measure(kind, probe, start, control, end, options.Points, context.Threads, stage, context.Stop,
                        context.Ranks);
            }) with
            { First = a, Second = b });
        }

        return paths;
    }
}

/// <summary>The straight line and the fitted curves between two models.</summary>
internal sealed record ModelPath(ModelName First, ModelName Second, IReadOnlyList<PathProfile> Profiles)
{
    /// <summary>"within ptt", "between methods", or "between methods, one seed" where both began at the same weights.</summary>
    public string Group => First.Method == Second.Method ? $"within {First.Method}" : First.Seed == Second.Seed
        ? "between methods, one seed" : "between methods";
}

/// <summary>Chooses pairs of models: methods, and pairs of methods, take turns, so that a few pairs cover all of them. Models of one seed
/// began at the same weights and saw the same data, whatever their method, so pairs of methods are of two kinds, and half of them are of
/// each.</summary>
internal static class ModelPairs
{
    /// <summary>Pairs of one method, then as many of two.</summary>
    public static IReadOnlyList<(int First, int Second)> Chosen(IReadOnlyList<ModelName> models, int most) =>
        [.. OfOneMethod(models, most), .. OfTwoMethods(models, most)];

    public static IReadOnlyList<(int First, int Second)> OfOneMethod(IReadOnlyList<ModelName> models, int most) =>
        Choose(models, most, (a, b) => a.Method == b.Method);

    /// <summary>Pairs of different methods: those of different seeds first, then those of one seed.</summary>
    public static IReadOnlyList<(int First, int Second)> OfTwoMethods(IReadOnlyList<ModelName> models, int most)
    {
        List<(int First, int Second)> one = Choose(models, most, (a, b) => a.Method != b.Method && a.Seed == b.Seed);
        List<(int First, int Second)> two = Choose(models, most, (a, b) => a.Method != b.Method && a.Seed != b.Seed);
        int ofTwo = Math.Min(two.Count, Math.Max(most - (most / 2), most - one.Count));
        return [.. two.Take(ofTwo), .. one.Take(most - ofTwo)];
    }

    private static List<(int First, int Second)> Choose(IReadOnlyList<ModelName> models, int most, Func<ModelName, ModelName, bool> wanted)
    {
        Queue<(int, int)>[] groups = [.. AlignmentAnalysis.Pairs(models.Count).Where(p => wanted(models[p.First], models[p.Second]))
            .GroupBy(p => (models[p.First].Method, models[p.Second].Method)).Select(g => new Queue<(int, int)>(g))];
        List<(int, int)> chosen = [];
        while (chosen.Count < most && groups.Any(q => q.Count > 0))
        {
            foreach (Queue<(int, int)> queue in groups)
            {
                if (chosen.Count < most && queue.TryDequeue(out (int, int) pair))
                {
                    chosen.Add(pair);
                }
            }
        }

        return chosen;
    }
}
