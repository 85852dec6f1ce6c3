namespace Sagitta.Experiments.Inspection;

/// <summary>Says what a file of arrays or tensors holds.</summary>
internal static class FileInspection
{
    /// <summary>One line for each array, tensor or text; the end of the name tells the kind of file (.npz or .safetensors).</summary>
    public static IEnumerable<string> Describe(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".npz" => Archive(path),
        ".safetensors" => Tensors(path),
        _ => throw new BadInputException($"'{path}'", "the kind of file is unknown",
            "give a .npz or .safetensors file, or a detector (.yaml, or a shipped name)"),
    };

    private static List<string> Archive(string path)
    {
        using NpzReader reader = new(path);
        List<string> lines = [];
        foreach (string name in reader.Names)
        {
            NpyHeader header = reader.Header(name);
            string text = header.Type.Code.Contains('U', StringComparison.Ordinal) && header.Shape.IsEmpty ? " = " + reader.ReadText(name)
                : string.Empty;
            lines.Add($"{name} {header.Type} {header.ShapeText}{text}");
        }

        return lines;
    }

    private static List<string> Tensors(string path)
    {
        SafeTensorsReader reader = new(path);
        List<string> lines = [];
        foreach ((string key, string text) in reader.Metadata.OrderBy(m => m.Key, StringComparer.Ordinal))
        {
            lines.Add($"{key}: {(text.Contains('\n', StringComparison.Ordinal) ? Environment.NewLine + text : text)}");
        }

        foreach (SafeTensor tensor in reader.Tensors.Values.OrderBy(t => t.Begin))
        {
            lines.Add($"{tensor.Name} {tensor.Type} [{string.Join(", ", tensor.Shape)}]");
        }

        return lines;
    }
}
