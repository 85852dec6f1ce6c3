namespace Sagitta.Experiments.Export;

/// <summary>A trained network for other tools.</summary>
internal static class ModelExport
{
    /// <summary>Writes by the name's ending: .onnx with <paramref name="network"/>, .npz with all weights and the texts.</summary>
    public static void Write(string file, Action<string> network, ParameterLayout layout, ParameterVector<float> parameters,
        params ReadOnlySpan<(string Name, string Text)> texts)
    {
        if (file.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase))
        {
            network(file);
            return;
        }

        if (!file.EndsWith(".npz", StringComparison.OrdinalIgnoreCase))
        {
            throw new BadInputException($"'{file}'", "this is no form that models are exported in",
                "give a name that ends in .onnx or .npz");
        }

        using NpzWriter writer = new(file);
        foreach (Parameter parameter in layout.Parameters)
        {
            writer.Add<float>(parameter.Name, parameters.Slice(parameter), parameter.Rows, parameter.Columns);
        }

        foreach ((string name, string text) in texts)
        {
            writer.AddText(name, text);
        }

        writer.Commit();
    }
}
