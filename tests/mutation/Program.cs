using Sagitta.Mutation;

// work MUTANTS FOLDER...: a process that runs tests, for the one that asks it. Else: [--mutants N] [--seed N] [--lived FILE] [AREA...]
if (args is ["work", string count, ..])
{
    TestWorker.Answer(int.Parse(count, CultureInfo.InvariantCulture), args[2..]);
    return 0;
}

Dictionary<string, string> options = new(StringComparer.Ordinal) { ["--mutants"] = "200", ["--seed"] = "1", ["--lived"] = "" };
List<string> words = [];
for (int i = 0; i < args.Length; i++)
{
    if (options.ContainsKey(args[i]) && i + 1 < args.Length)
    {
        options[args[i]] = args[++i];
    }
    else
    {
        words.Add(args[i]);
    }
}

string root = AppContext.BaseDirectory;
while (!File.Exists(Path.Combine(root, "Sagitta.slnx")))
{
    root = Path.GetDirectoryName(root) ?? throw new InvalidOperationException("no folder above this program holds Sagitta.slnx");
}

CoreArea[] areas = [.. CoreArea.All.Where(area => words.Count == 0 || words.Contains(area.Name))];
int most = int.Parse(options["--mutants"], CultureInfo.InvariantCulture);
MutatedBuild build = new(root, string.Join('-', areas.Select(area => area.Name)));
IReadOnlyList<Mutant> places = build.Places(areas);
string[] lived = options["--lived"] is { Length: > 0 } file ? MutationReport.Lived(file) : [];
HashSet<int> sample = lived.Length > 0 ? [.. places.Where(mutant => lived.Contains(mutant.Key)).Select(mutant => mutant.Number)]
    : [.. places.GroupBy(mutant => mutant.Area)
    .SelectMany(area => area.OrderBy(mutant => mutant.Lot(options["--seed"]), StringComparer.Ordinal).Take(most))
    .Select(mutant => mutant.Number)];
HashSet<int> compiled = build.Compile(areas, sample);
Console.WriteLine($"{places.Count} places, {sample.Count} chosen, {compiled.Count} compile");

List<MutationRun> runs = [];
foreach (CoreArea area in areas)
{
    MutationRun run = new(build.Folder, area, [.. places.Where(place => place.Area == area.Name && compiled.Contains(place.Number))],
        places.Count);
    run.Cover();
    run.Try();
    runs.Add(run);
}

return new MutationReport(root, places, runs).Write();
