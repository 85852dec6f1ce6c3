namespace Sagitta.Cli.Verbs;

/// <summary>"sagitta config SYSTEM": every field of a system's experiment files with default, meaning and domain, or their JSON
/// schema.</summary>
internal static class ConfigVerb
{
    private static readonly VerbOption<bool> _schema = VerbOption.Flag(
        "--schema", "The JSON schema instead, by which an editor completes and checks the file");

    /// <summary>The command for these systems.</summary>
    public static VerbCommand Of(IReadOnlyList<TrackingSystem> systems)
    {
        VerbCommand config = new("config", "Every field of a system's experiment files with default, meaning and domain, as YAML");
        foreach (TrackingSystem system in systems.Where(s => s.Configuration is not null))
        {
            config.Add(new VerbCommand(system.Name, new SystemVerb(
                "config", "Every field of its experiment files with default, meaning and domain, as YAML", [_schema], run =>
                    run.Tell(run.Value(_schema) ? ConfigurationSchema.Write(system.Configuration!)
                    : ExperimentTemplate.Write(system.Configuration!)))
            {
                Examples = [$"sagitta config {system.Name}", $"sagitta config {system.Name} --schema"],
            }));
        }

        return config;
    }
}
