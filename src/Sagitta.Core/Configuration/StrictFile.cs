using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Sagitta.Core.Configuration;

/// <summary>Opens a YAML file whose root is a mapping and whose every field must be known.</summary>
internal static class StrictFile
{
    /// <summary>Reads the file's only document.</summary>
    /// <exception cref="BadInputException">The file is missing, is not YAML, or its root is not a mapping.</exception>
    public static StrictMapping Load(string path)
    {
        if (!File.Exists(path))
        {
            throw new BadInputException($"'{path}'", "there is no such file", "give the path of a YAML file");
        }

        return Parse(File.ReadAllText(path), path);
    }

    /// <summary>Reads YAML text; <paramref name="name"/> stands for the file in messages.</summary>
    /// <exception cref="BadInputException">The text is not YAML, or its root is not a mapping.</exception>
    public static StrictMapping Parse(string text, string name)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (YamlException problem)
        {
            throw new BadInputException($"{name}, line {problem.Start.Line}", problem.Message, "correct the YAML there", problem);
        }
        catch (InvalidOperationException problem)
        {
            // The scanner of YamlDotNet ends so on some unclosed brackets.
            throw new BadInputException(name, "it is not YAML: a bracket or quote is left open", "close it", problem);
        }

        return stream.Documents.Count == 1 && stream.Documents[0].RootNode is YamlMappingNode root
            ? new StrictMapping(root, name, "")
            : throw new BadInputException(name, "it is not one YAML mapping", "begin it with fields such as 'name: value'");
    }
}
