namespace Sagitta.Cli.Verbs;

/// <summary>"sagitta inspect": what a file holds, or, of a detector, what the system that knows it says.</summary>
internal static class InspectVerb
{
    private static readonly VerbOption<string> _file = VerbOption.Argument(
        "file", "An NPZ archive, a safetensors model or checkpoint, or a detector (YAML file or shipped name)");

    /// <summary>The verb for these systems. It has the options of all their own forms.</summary>
    public static SystemVerb Of(IReadOnlyList<TrackingSystem> systems)
    {
        VerbOption[] own = [.. systems.SelectMany(Forms).SelectMany(form => form.Options).Where(o => !o.IsArgument)
            .DistinctBy(o => o.Name, StringComparer.Ordinal)];
        return new(
            "inspect",
            "List the arrays of an NPZ file, the tensors and metadata of a safetensors file, or what a detector can measure",
            [_file, .. own],
            run => Run(run, [.. systems.SelectMany(system => Forms(system).Select(form => (system, form)))]))
        {
            Examples =
            [
                "sagitta inspect events.npz", "sagitta inspect model.safetensors",
                .. systems.SelectMany(system => Forms(system).SelectMany(form => form.Examples).Select(
                    e => e.Replace($"inspect {system.Name} ", "inspect ", StringComparison.Ordinal))),
            ],
        };
    }

    private static IEnumerable<SystemVerb> Forms(TrackingSystem system) => system.Verbs.Where(verb => verb.Path == "inspect");

    private static int Run(VerbRun run, (TrackingSystem System, SystemVerb Form)[] forms)
    {
        string path = run.Value(_file);
        if (Path.GetExtension(path).ToLowerInvariant() is not ("" or ".yaml" or ".yml") || forms.Length == 0)
        {
            foreach (string line in FileInspection.Describe(path))
            {
                run.Output.WriteLine(line);
            }

            return 0;
        }

        // A file that no system knows is told of by the first: its message says what a detector file needs.
        SystemVerb form = (forms.FirstOrDefault(f => f.System.IsDetector(path)) is { Form: not null } found ? found : forms[0]).Form;
        return form.Run(run);
    }
}
