using System.Numerics;

namespace Sagitta.Learning.Checkpoints;

/// <summary>
/// The state of a training run in one safetensors file, written whole or not at all and restored bit for bit: parameters (running
/// statistics of normalisation layers among them) under "parameters/", each moment of the optimiser under "moment/NAME/", further
/// vectors of the network under "vector/NAME/", other numbers under "array/" and texts under "text/" in the metadata.
/// </summary>
internal static class Checkpoint
{
    private const string Kind = "sagitta checkpoint";

    /// <summary>Writes a checkpoint.</summary>
    /// <param name="path">Where to; an older file of that name is replaced at the end.</param>
    /// <param name="parameters">The network's parameters.</param>
    /// <param name="optimiser">The optimiser.</param>
    /// <param name="extras">What else to keep.</param>
    /// <param name="vectors">Further vectors of the network's layout by name, the best parameters so far for one.</param>
    public static void Save<T>(string path, ParameterVector<T> parameters, Optimiser<T> optimiser, CheckpointExtras? extras = null,
        params ReadOnlySpan<(string Name, ParameterVector<T> Vector)> vectors)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        SafeTensorsWriter writer = new();
        writer.Metadata["kind"] = Kind;
        writer.Metadata["optimiser"] = optimiser.Name;
        writer.Metadata["step"] = optimiser.StepCount.ToString(CultureInfo.InvariantCulture);
        writer.Add(parameters, "parameters/");
        foreach ((string name, ParameterVector<T> moment) in optimiser.Moments)
        {
            writer.Add(moment, $"moment/{name}/");
        }

        foreach ((string name, ParameterVector<T> vector) in vectors)
        {
            writer.Add(vector, $"vector/{name}/");
        }

        if (extras is not null)
        {
            foreach ((string name, double[] numbers) in extras.Arrays.OrderBy(a => a.Key, StringComparer.Ordinal))
            {
                writer.Add<double>($"array/{name}", numbers, numbers.Length);
            }

            foreach ((string name, string text) in extras.Texts)
            {
                writer.Metadata[$"text/{name}"] = text;
            }
        }

        CheckpointFile.Write(path, writer);
    }

    /// <summary>Restores what <see cref="Save"/> wrote, or what it had written before where the last file is damaged; on bad input nothing
    /// is changed.</summary>
    /// <param name="path">The file.</param>
    /// <param name="note">Told of a damaged file.</param>
    /// <param name="parameters">Filled with the parameters.</param>
    /// <param name="optimiser">Gets its moments and its count of steps.</param>
    /// <param name="vectors">Filled with the vectors of those names.</param>
    public static CheckpointExtras Restore<T>(string path, ParameterVector<T> parameters, Optimiser<T> optimiser, Action<string> note,
        params ReadOnlySpan<(string Name, ParameterVector<T> Vector)> vectors)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        path = CheckpointFile.Whole(path, note);
        SafeTensorsReader reader = new(path);
        if (!reader.Metadata.TryGetValue("kind", out string? kind) || kind != Kind)
        {
            throw new BadInputException($"'{path}'", "this is no checkpoint of a training run",
                "give a file from the run's folder of checkpoints");
        }

        string written = reader.RequireMetadata("optimiser");
        if (!string.Equals(written, optimiser.Name, StringComparison.Ordinal))
        {
            throw new BadInputException($"'{path}'", $"the run used the optimiser '{written}'",
                $"this one uses '{optimiser.Name}': continue with the same settings");
        }

        if (!NumberText.TryRead(reader.RequireMetadata("step"), out long step) || step < 0)
        {
            throw new BadInputException($"'{path}', 'step'", $"'{reader.Metadata["step"]}' is no count of steps",
                "the file is damaged: use another checkpoint");
        }

        List<(string Prefix, ParameterVector<T> Vector)> targets = [("parameters/", parameters)];
        targets.AddRange(optimiser.Moments.Select(moment => ($"moment/{moment.Name}/", moment.Vector)));
        foreach ((string name, ParameterVector<T> vector) in vectors)
        {
            targets.Add(($"vector/{name}/", vector));
        }

        targets.ForEach(target => reader.Check(target.Vector, target.Prefix));
        targets.ForEach(target => reader.CopyTo(target.Vector, target.Prefix));
        optimiser.StepCount = step;
        CheckpointExtras extras = new();
        foreach (string tensor in reader.Tensors.Keys.Where(t => t.StartsWith("array/", StringComparison.Ordinal)))
        {
            extras.Arrays[tensor["array/".Length..]] = reader.Read<double>(tensor);
        }

        foreach ((string key, string text) in reader.Metadata.Where(m => m.Key.StartsWith("text/", StringComparison.Ordinal)))
        {
            extras.Texts[key["text/".Length..]] = text;
        }

        return extras;
    }
}

/// <summary>What a training run keeps in a <see cref="Checkpoint"/> besides parameters and optimiser: best values, counters,
/// configuration.</summary>
internal sealed class CheckpointExtras
{
    /// <summary>Named numbers, kept bit for bit.</summary>
    public Dictionary<string, double[]> Arrays { get; } = new(StringComparer.Ordinal);

    /// <summary>Named texts.</summary>
    public Dictionary<string, string> Texts { get; } = new(StringComparer.Ordinal);

    /// <summary>Refuses what another training left, since its parameters would be taken for those of this one.</summary>
    /// <param name="training">All that this training depends on, which it keeps as the text "training".</param>
    /// <param name="checkpoint">The file, for the message.</param>
    public void RequireSame(string training, string checkpoint)
    {
        if (Texts.GetValueOrDefault("training") != training)
        {
            throw new BadInputException($"'{checkpoint}'", "it is of a training with another configuration or other events",
                "give another --out folder, or remove this one");
        }
    }
}
