using System.Numerics;

namespace Sagitta.Experiments.Systems;

/// <summary>
/// An option or an argument of a verb, as the system that offers the verb declares it. The command line turns it into its own kind, a
/// script or a test may give its text directly. Numbers are invariant: a point for decimals, no thousands.
/// </summary>
internal abstract record VerbOption(string Name, string Description)
{
    /// <summary>What stands for the value in help; empty for a flag.</summary>
    public string HelpName { get; init; } = "";

    /// <summary>Whether it may be given several times.</summary>
    public bool Repeats { get; init; }

    /// <summary>Whether the verb needs it.</summary>
    public bool Required { get; init; }

    /// <summary>Whether it names what the verb writes: a file, or a folder where <see cref="HelpName"/> is DIR.</summary>
    public bool IsWritten { get; init; }

    /// <summary>The files that a written name stands for; null where it is the file.</summary>
    public Func<string, IReadOnlyList<string>>? Files { get; init; }

    /// <summary>Whether it names a file or folder that the verb reads.</summary>
    public bool IsRead => !IsWritten && (HelpName.Contains("FILE", StringComparison.Ordinal) || HelpName is "DIR" or "PATH");

    /// <summary>Its default as help shows it; null where there is none to show.</summary>
    public string? DefaultText { get; init; }

    /// <summary>Whether it is a plain word of the command line, without a name before it.</summary>
    public bool IsArgument => !Name.StartsWith('-');

    /// <summary>Whether it stands alone, without a value.</summary>
    public bool IsFlag => this is VerbOption<bool>;

    /// <summary>What is wrong with these texts; null if nothing is.</summary>
    public abstract string? Problem(IReadOnlyList<string> texts);

    /// <summary>A word of the command line.</summary>
    public static VerbOption<string> Argument(string name, string description) =>
        new(name, description, "", (string text, out string value) => (value = text).Length > 0 ? null
            : "is empty; give a name")
        { Required = true };

    /// <summary>A word of the command line that names the file to write.</summary>
    public static VerbOption<string> Output(string name, string description) => Argument(name, description) with { IsWritten = true };

    /// <summary>Words of the command line, at least one.</summary>
    public static VerbOption<string[]> Arguments(string name, string description) => All(name, "", description) with { Required = true };

    /// <summary>A text.</summary>
    public static VerbOption<string?> Text(string name, string helpName, string description) =>
        new(name, description, null, (string text, out string? value) => (value = text).Length > 0 ? null : $"is empty; give {helpName}")
        {
            HelpName = helpName,
        };

    /// <summary>A text with a default.</summary>
    public static VerbOption<string> Text(string name, string helpName, string description, string absent) =>
        new(name, description, absent, (string text, out string value) => (value = text).Length > 0 ? null : $"is empty; give {helpName}")
        {
            HelpName = helpName,
            DefaultText = absent,
        };

    /// <summary>A text that may be given several times.</summary>
    public static VerbOption<string[]> Texts(string name, string helpName, string description) => All(name, helpName, description);

    /// <summary>A switch.</summary>
    public static VerbOption<bool> Flag(string name, string description) =>
        new(name, description, false, (string text, out bool value) => (value = text != "false") || text == "false" ? null
            : "takes no value");

    /// <summary>A whole number from <paramref name="least"/> to <paramref name="most"/>.</summary>
    public static VerbOption<int> Whole(string name, string helpName, string description, int absent, int least, int? most = null) =>
        new(name, description, absent, (string text, out int value) => Read(text, absent, least, most, "whole number", out value))
        { HelpName = helpName, DefaultText = absent.ToString(CultureInfo.InvariantCulture) };

    /// <inheritdoc cref="Whole(string, string, string, int, int, int?)" />
    public static VerbOption<long> Whole(string name, string helpName, string description, long absent, long least, long? most = null) =>
        new(name, description, absent, (string text, out long value) => Read(text, absent, least, most, "whole number", out value))
        { HelpName = helpName, DefaultText = absent.ToString(CultureInfo.InvariantCulture) };

    /// <inheritdoc cref="Whole(string, string, string, int, int, int?)" />
    public static VerbOption<ulong> Whole(
        string name, string helpName, string description, ulong absent, ulong least, ulong? most = null) =>
        new(name, description, absent, (string text, out ulong value) => Read(text, absent, least, most, "whole number", out value))
        { HelpName = helpName, DefaultText = absent.ToString(CultureInfo.InvariantCulture) };

    /// <summary>A number from <paramref name="least"/> to <paramref name="most"/>.</summary>
    public static VerbOption<double> Number(string name, string helpName, string description, double absent, double least,
        double most) =>
        new(name, description, absent, (string text, out double value) => Read<double>(text, absent, least, most, "number", out value))
        { HelpName = helpName, DefaultText = absent.ToString(CultureInfo.InvariantCulture) };

    /// <summary>Numbers from <paramref name="least"/> to <paramref name="most"/>, the option given once for each.</summary>
    public static VerbOption<double[]> Numbers(
        string name, string helpName, string description, double[] absent, double least, double most) =>
        VerbOption<double[]>.OfAll(name, description, absent, (IReadOnlyList<string> texts, out double[] values) =>
        {
            VerbOption<double> one = Number(name, helpName, description, least, least, most);
            values = [.. texts.Select(text => one.Problem([text]) is null ? one.Parse([text]) : 0)];
            return texts.Select(text => one.Problem([text])).FirstOrDefault(problem => problem is not null)?[(name.Length + 2)..];
        }) with
        { HelpName = helpName };

    private static VerbOption<string[]> All(string name, string helpName, string description) =>
        VerbOption<string[]>.OfAll(name, description, [], (IReadOnlyList<string> texts, out string[] values) =>
        {
            values = [.. texts];
            return values.Any(text => text.Length == 0) ? "is empty; give " + (helpName.Length > 0 ? helpName : "a name")
                : !name.StartsWith('-') && values.FirstOrDefault(text => text.StartsWith("--", StringComparison.Ordinal)) is { } option
                    ? $"{option} is no option of this verb" : null;
        }) with
        { HelpName = helpName };

    // Apart from the options, since code for any number is compiled only when it runs.
    private static string? Read<T>(string text, T absent, T least, T? most, string kind, out T value)
        where T : struct, INumber<T> =>
        T.IsInteger(least) && NumberText.TryRead(text, out Int128 whole) && whole > 0 && !NumberText.TryRead(text, out value)
            && most is not null ? $"{text} is too large; give {most} or less"
            : !NumberText.TryRead(text, out value) || !T.IsFinite(value)
            ? string.Create(CultureInfo.InvariantCulture, $"'{text}' is no {kind} that fits; give one such as {T.Max(absent, least)}")
            : value < least ? string.Create(CultureInfo.InvariantCulture, $"{value} is too small; give {least} or more")
            : value > most ? string.Create(CultureInfo.InvariantCulture, $"{value} is too large; give {most} or less") : null;
}

/// <summary>An option whose values are of one type.</summary>
/// <typeparam name="T">The type.</typeparam>
internal sealed record VerbOption<T> : VerbOption
{
    private readonly ReadAll _read;

    /// <summary>An option of one value.</summary>
    public VerbOption(string name, string description, T absent, ReadOne read)
        : this(name, description, absent, (IReadOnlyList<string> texts, out T value) =>
        {
            value = absent;
            return texts.Count == 1 ? read(texts[0], out value) : "is given more than once; give it once";
        })
    {
    }

    private VerbOption(string name, string description, T absent, ReadAll read)
        : base(name, description) => (_read, Default) = (read, absent);

    /// <summary>Reads one text; returns what is wrong with it, or null.</summary>
    public delegate string? ReadOne(string text, out T value);

    /// <summary>Reads all texts of an option; returns what is wrong with them, or null.</summary>
    public delegate string? ReadAll(IReadOnlyList<string> texts, out T value);

    /// <summary>The value where it is not given.</summary>
    public T Default { get; }

    /// <summary>An option that may be given several times.</summary>
    public static VerbOption<T> OfAll(string name, string description, T absent, ReadAll read) =>
        new(name, description, absent, read) { Repeats = true };

    /// <inheritdoc />
    public override string? Problem(IReadOnlyList<string> texts) => _read(texts, out _) is { } problem ? $"{Name}: {problem}" : null;

    /// <summary>The value of these texts; call it where <see cref="Problem"/> finds none.</summary>
    public T Parse(IReadOnlyList<string> texts)
    {
        string? problem = _read(texts, out T value);
        return problem is null ? value : throw new BadInputException(Name, problem, "see --help");
    }
}
