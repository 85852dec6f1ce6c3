namespace Sagitta.Experiments.Landscapes.Connectivity;

/// <summary>
/// Chooses pairs of models: methods, and pairs of methods, take turns, so that a few pairs cover all of them. Models of one seed began at
/// the same weights and saw the same data, whatever their method, so pairs of methods are of two kinds, and half of them are of each.
/// </summary>
internal static class ModelPairs
{
    /// <summary>Pairs of one method and different seeds.</summary>
    public static IReadOnlyList<(int First, int Second)> Within(IReadOnlyList<ModelName> models, int most) =>
        Choose(models, most, (a, b) => a.Method == b.Method);

    /// <summary>Pairs of different methods: those of different seeds first, then those of one seed.</summary>
    public static IReadOnlyList<(int First, int Second)> Between(IReadOnlyList<ModelName> models, int most)
    {
        List<(int First, int Second)> one = Choose(models, most, (a, b) => a.Method != b.Method && a.Seed == b.Seed);
        List<(int First, int Second)> two = Choose(models, most, (a, b) => a.Method != b.Method && a.Seed != b.Seed);
        int ofTwo = Math.Min(two.Count, Math.Max(most - (most / 2), most - one.Count));
        return [.. two.Take(ofTwo), .. one.Take(most - ofTwo)];
    }

    private static List<(int First, int Second)> Choose(IReadOnlyList<ModelName> models, int most, Func<ModelName, ModelName, bool> wanted)
    {
        Dictionary<string, Queue<(int, int)>> groups = new(StringComparer.Ordinal);
        for (int i = 0; i < models.Count; i++)
        {
            for (int j = i + 1; j < models.Count; j++)
            {
                if (wanted(models[i], models[j]))
                {
                    string name = models[i].Method + " " + models[j].Method;
                    if (!groups.TryGetValue(name, out Queue<(int, int)>? queue))
                    {
                        queue = new();
                        groups[name] = queue;
                    }

                    queue.Enqueue((i, j));
                }
            }
        }

        List<(int, int)> chosen = [];
        while (chosen.Count < most && groups.Values.Any(q => q.Count > 0))
        {
            foreach (Queue<(int, int)> queue in groups.Values)
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
