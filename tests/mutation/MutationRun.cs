namespace Sagitta.Mutation;

/// <summary>Mutants of an area: runs its tests without mutants, then for each mutant those that reach it, the quickest first.</summary>
/// <param name="folder">The tests over the changed core.</param>
/// <param name="area">The area.</param>
/// <param name="mutants">The mutants in it.</param>
/// <param name="places">Places that could be changed, in or not.</param>
internal sealed class MutationRun(string folder, CoreArea area, IReadOnlyList<Mutant> mutants, int places)
{
    // Processor time. A test that takes longer does not run for each mutant.
    private const int LongestMilliseconds = 1_500;

    // Tests for one mutant take no longer than this together.
    private const int MostMilliseconds = 4_000;

    // One in so many mutants is tried a second time without being switched on: what is killed then is killed by chance.
    private const int ControlEvery = 20;

    private readonly List<(int Test, string Name, int Milliseconds, HashSet<int> Mutants)> _tests = [];

    /// <summary>Mutants that were not switched on, and how many of them tests failed for.</summary>
    public (int Tried, int Failed) Controls { get; private set; }

    public Dictionary<Mutant, (Fate Fate, string Test)> Fates { get; } = [];

    /// <summary>Finds which tests reach which mutants. A test that fails without a mutant is named and left out.</summary>
    public void Cover()
    {
        using WorkerProcess worker = new(folder, places, area.Tests);
        string[] names = worker.Ask("tests")!.Split('\t');
        for (int test = 0; test < names.Length; test++)
        {
            string[] words = worker.Ask($"cover {test}")?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? ["failed"];
            if (words[0] != "passed")
            {
                Console.WriteLine($"left out, for it fails without a mutant: {names[test]}");
            }
            else if (Number(words[1]) is var milliseconds && words.Length > 2)
            {
                _tests.Add((test, names[test], milliseconds, [.. words.Skip(2).Select(Number)]));
            }
        }

        Console.WriteLine(
            $"{area.Name}: {mutants.Count} mutants, {names.Length} tests, {_tests.Count} reach mutants, "
            + $"{_tests.Count(t => t.Milliseconds > LongestMilliseconds)} of them are too long");
        _tests.Sort((a, b) => a.Milliseconds.CompareTo(b.Milliseconds));
    }

    /// <summary>Tries every mutant.</summary>
    public void Try()
    {
        using WorkerProcess worker = new(folder, places, area.Tests);
        foreach (Mutant mutant in mutants)
        {
            Fates[mutant] = FateOf(worker, mutant.Number, mutant.Number);
            if (mutant.Number % ControlEvery == 0)
            {
                bool failed = FateOf(worker, mutant.Number, places).Fate is not (Fate.Survived or Fate.Uncovered);
                Controls = (Controls.Tried + 1, Controls.Failed + (failed ? 1 : 0));
            }

            if (Fates.Count % 100 == 0)
            {
                Console.WriteLine($"{Fates.Count} of {mutants.Count}");
            }
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private (Fate Fate, string Test) FateOf(WorkerProcess worker, int covered, int active)
    {
        List<string> tests = [];
        int total = 0;
        foreach ((int test, _, int milliseconds, HashSet<int> reached) in _tests)
        {
            total += reached.Contains(covered) ? milliseconds : 0;
            if (reached.Contains(covered) && milliseconds <= LongestMilliseconds && total <= MostMilliseconds)
            {
                tests.Add($"{test}:{1_500 + (10 * milliseconds)}");
            }
        }

        if (tests.Count == 0)
        {
            return (Fate.Uncovered, "");
        }

        while (true)
        {
            bool fresh = worker.IsFresh;
            string[] words = worker.Ask($"run {active} {string.Join(' ', tests)}")?.Split(' ') ?? ["ended"];
            bool again = words[0] is "spoiled" || (words[0] == "unreached" && active == covered);
            if (again)
            {
                worker.End();
            }

            if (!again || fresh)
            {
                string name = words.Length > 1 ? _tests.Find(t => t.Test == Number(words[1])).Name : "";
                return (words[0] switch
                {
                    "ended" => Fate.Ended,
                    "late" => Fate.Late,
                    "survived" or "unreached" => Fate.Survived,
                    _ => Fate.Failed,
                }, name);
            }
        }
    }
}

/// <summary>How a mutant ended.</summary>
internal enum Fate
{
    /// <summary>A test failed.</summary>
    Failed,

    /// <summary>The process ended, for a stack or memory without bounds or for an access that is not allowed.</summary>
    Ended,

    /// <summary>A test took more than ten times as long as it does.</summary>
    Late,

    /// <summary>All tests that reach it passed.</summary>
    Survived,

    /// <summary>No test reaches it.</summary>
    Uncovered,
}
