namespace Sagitta.Learning.Checkpoints;

/// <summary>
/// Parameters of a network at several steps of its training, one safetensors file each in the folder "trajectory" of a run, so that the
/// path of a training can be drawn later. A run that is resumed writes the same files again.
/// </summary>
internal static class TrajectoryFolder
{
    private const string Name = "trajectory";

    /// <summary>Keeps the parameters of one step in a run's folder.</summary>
    public static void Save<T>(string runFolder, long step, ParameterVector<T> parameters)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        string folder = Path.Combine(runFolder, Name);
        SafeTensorsWriter writer = new();
        writer.Metadata["kind"] = "sagitta trajectory";
        writer.Metadata["step"] = step.ToString(CultureInfo.InvariantCulture);
        writer.Add(parameters);
        writer.Write(Path.Combine(folder, step.ToString("D7", CultureInfo.InvariantCulture) + ".safetensors"));
    }

    /// <summary>The steps of a run with the flat parameter vectors, ascending; none if the run kept no trajectory.</summary>
    /// <exception cref="BadInputException">A file is damaged or belongs to another network.</exception>
    public static IReadOnlyList<(long Step, double[] Parameters)> Read(string runFolder, ParameterLayout layout)
    {
        string folder = Path.Combine(runFolder, Name);
        if (!Directory.Exists(folder))
        {
            return [];
        }

        List<(long, double[])> steps = [];
        using ParameterVector<double> parameters = new(layout);
        foreach (string file in Directory.EnumerateFiles(folder, "*.safetensors").Order(StringComparer.Ordinal))
        {
            SafeTensorsReader reader = new(file);
            reader.CopyTo(parameters);
            steps.Add((NumberText.Read<long>(reader.RequireMetadata("step"), $"'{file}', 'step'"), parameters.Values.ToArray()));
        }

        return steps;
    }
}
