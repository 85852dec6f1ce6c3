using System.CommandLine;

namespace Sagitta.Cli.Verbs;

/// <summary>
/// The verbs of the program, made of what the systems offer: below each verb a form for each system that has it, and the verb alone for the
/// system that says so. A system adds no line here.
/// </summary>
internal static class VerbList
{
    private static readonly (string Path, string Summary)[] _verbs =
    [
        ("reproduce", "Train and compare all methods of a system, and write tables, summary.json and report.html"),
        ("init", "Write an experiment file for a detector of your own, every field with its comment"),
        ("train", "Train one model from an experiment file; a stopped run continues where it was"),
        ("tune", "Calibrate and tune what is no network"),
        ("evaluate", "Measure trained models, and the methods without one, on a sample with truth"),
        ("compare", "Models, or all models of runs, on the same events, each against the first"),
        ("reconstruct", "Hits in, tracks out"),
        ("image", "Hits in, a radiograph out"),
        ("tomography", "A slice of a simulated phantom"),
        ("align", "Where a detector's planes stand, from tracks, with errors and weak modes"),
        ("optimise", "A better detector by the gradient of what its tracks are worth"),
        ("optimise detector", "Move what a detector file leaves free to where momenta are measured best"),
        ("display", "One event as a picture that zooms, in a page of its own"),
        ("export", "Models, graphs and events for other tools (docs/formats.md)"),
        ("export model", "A model's network as ONNX, or its weights as NPZ"),
        ("export chain", "A model's whole chain, hits in and tracks out, as one ONNX graph"),
        ("export graphs", "Graphs as a network takes them: what to feed an exported model"),
        ("export events", "Events for other tools"),
        ("simulate", "Simulate events into a file"),
        ("import", "Make an event file of deposits or of a table of hits"),
        ("validate-simulation", "Compare the simulation with reference deposits; exit code 1 if a check fails"),
        ("landscape", "What the losses around trained models look like"),
        ("inspect", "What a file holds, or what a detector can measure"),
    ];

    /// <summary>Adds all verbs to the root.</summary>
    /// <param name="root">The root.</param>
    /// <param name="systems">The systems.</param>
    /// <param name="whole">A root whose verbs all have their options.</param>
    /// <param name="isNamed">Whether a command line names a verb, and so sees its options.</param>
    public static void AddTo(
        Command root, IReadOnlyList<TrackingSystem> systems, Func<RootCommand> whole, Func<string, bool> isNamed)
    {
        Dictionary<string, VerbCommand> commands = new(StringComparer.Ordinal);
        foreach ((string path, string summary) in _verbs)
        {
            int last = path.LastIndexOf(' ');
            VerbCommand command = commands[path] = new(path[(last + 1)..], summary);
            (last < 0 ? root : commands[path[..last]]).Add(command);
            bool named = isNamed(path.Split(' ')[0]);
            foreach (TrackingSystem system in systems)
            {
                foreach (SystemVerb form in system.Verbs.Where(v => v.Path == path))
                {
                    command.Add(new VerbCommand(system.Name, form, named));
                    if (form.IsDefault)
                    {
                        command.Take(form, named);
                    }
                }
            }
        }

        if (systems.SelectMany(s => s.Verbs).FirstOrDefault(v => !commands.ContainsKey(v.Path)) is { } unknown)
        {
            throw new ArgumentException($"The verb '{unknown.Path}' is not in the list: add it with one line of help.", nameof(systems));
        }

        commands["landscape"].Take(LandscapeVerb.Of(systems), isNamed("landscape"));
        commands["inspect"].Take(InspectVerb.Of(systems), isNamed("inspect"));
        root.Add(new VerbCommand("bench", BenchVerb.Of(systems), isNamed("bench")));
        root.Add(new VerbCommand("verify", VerifyVerb.Of(whole)));
        root.Add(new VerbCommand("runs", RunVerbs.Runs));
        root.Add(new VerbCommand("sweep", RunVerbs.Sweep(whole)));
        root.Add(ConfigVerb.Of(systems));
        root.Add(ListVerb.Of(systems));
        root.Add(CompletionVerb.Create());
        root.Add(new VerbCommand("merge", MergeVerb.Verb));
        root.Add(new VerbCommand("slurm", SlurmVerb.Of(systems, whole), isNamed("slurm")));
        foreach (VerbCommand empty in commands.Values.Where(c => c.Action is null && c.Subcommands.Count == 0).ToArray())
        {
            ((Command)empty.Parents.First()).Subcommands.Remove(empty);
        }
    }
}
