namespace Sagitta.Experiments.Landscapes.Connectivity;

/// <summary>Chooses pairs of models: methods, and pairs of methods, take turns, so that a few pairs cover all of them.</summary>
public static class ModelPairs
{
    /// <summary>Pairs of one method and different seeds.</summary>
    public static IReadOnlyList<(int First, int Second)> Within(IReadOnlyList<ModelName> models, int most) => Choose(models, most, within: true);

    /// <summary>Pairs of different methods.</summary>
    public static IReadOnlyList<(int First, int Second)> Between(IReadOnlyList<ModelName> models, int most) => Choose(models, most, within: false);

    private static List<(int First, int Second)> Choose(IReadOnlyList<ModelName> models, int most, bool within)
    {
        Dictionary<string, Queue<(int, int)>> groups = new(StringComparer.Ordinal);
        for (int i = 0; i < models.Count; i++)
        {
            for (int j = i + 1; j < models.Count; j++)
            {
                if (within == (models[i].Method == models[j].Method))
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
