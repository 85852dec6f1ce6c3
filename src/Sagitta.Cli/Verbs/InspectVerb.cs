using System.CommandLine;
using Sagitta.Cli.CommandLine;
using Sagitta.Experiments.Inspection;

namespace Sagitta.Cli.Verbs;

/// <summary>"sagitta inspect": what a file of ours holds. Also the pattern for other verbs: options, one call into Experiments, output.</summary>
internal static class InspectVerb
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        Argument<string> file = new("file") { Description = "An NPZ archive of events or tracks, or a safetensors model or checkpoint" };
        VerbCommand verb = new(
            "inspect",
            "List the arrays of an NPZ file, or the tensors and metadata of a safetensors file",
            "sagitta inspect events.npz",
            "sagitta inspect model.safetensors")
        {
            file,
        };
        verb.SetRun(run =>
        {
            foreach (string line in FileInspection.Describe(run.Value(file)!))
            {
                run.Output.WriteLine(line);
            }

            return 0;
        });
        return verb;
    }
}
