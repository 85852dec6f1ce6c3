using System.CommandLine;
using System.Numerics;

namespace Sagitta.Cli.CommandLine;

/// <summary>Options that several verbs share, and makers of options whose errors are one clear line.</summary>
internal static class SharedOptions
{
    /// <summary>--seed.</summary>
    public static Option<ulong> Seed { get; } = WholeNumber("--seed", "N", "Seed of all random numbers", 1UL, 0UL);

    /// <summary>--threads.</summary>
    public static Option<int> Threads { get; } = WholeNumber(
        "--threads", "N", "Threads to use; results do not depend on it", Environment.ProcessorCount, 1);

    /// <summary>--out.</summary>
    public static Option<string?> Out { get; } = new("--out") { HelpName = "DIR", Description = "Folder for everything that is written" };

    /// <summary>--summary.</summary>
    public static Option<string?> Summary { get; } = new(
        "--summary")
    { HelpName = "FILE", Description = "Write the machine-readable summary (JSON) there; - for standard output" };

    /// <summary>--set.</summary>
    public static Option<string[]> Set { get; } = new("--set")
    {
        HelpName = "PATH=VALUE",
        Description = "Override a field of the configuration, such as training.epochs=3; may be repeated",
        Arity = ArgumentArity.OneOrMore,
    };

    /// <summary>An option that takes a whole number of at least <paramref name="least"/>.</summary>
    public static Option<T> WholeNumber<T>(string name, string helpName, string description, T absent, T least)
        where T : struct, IBinaryInteger<T> => Number(
            name, helpName, description, absent, least, NumberStyles.AllowLeadingSign, "whole number");

    /// <summary>An option that takes a number of at least <paramref name="least"/>.</summary>
    public static Option<double> Number(string name, string helpName, string description, double absent, double least = double.MinValue) =>
        Number(name, helpName, description, absent, least, NumberStyles.Float, "number");

    private static Option<T> Number<T>(string name, string helpName, string description, T absent, T least, NumberStyles styles,
        string kind)
        where T : struct, INumber<T> => new(name)
        {
            HelpName = helpName,
            Description = description,
            DefaultValueFactory = _ => absent,
            CustomParser = result =>
            {
                string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : string.Empty;
                if (!T.TryParse(text, styles, CultureInfo.InvariantCulture, out T value) || T.IsNaN(value))
                {
                    result.AddError($"{name}: '{text}' is no {kind} that fits; give one such as {absent}");
                }
                else if (value < least)
                {
                    result.AddError($"{name}: {value} is too small; give {least} or more");
                }

                return value;
            },
        };
}
