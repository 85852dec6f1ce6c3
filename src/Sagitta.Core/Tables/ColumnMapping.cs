using System.Text.RegularExpressions;

namespace Sagitta.Core.Tables;

/// <summary>
/// Which columns of a file stand for which columns of a reader: "y=y_cm*10,plane=chamber-1". Each piece names the reader's column, then
/// that of the file with at most one factor (* or /) and behind it at most one offset (+ or -). A file's name that holds such characters
/// stands in quotes.
/// </summary>
internal sealed partial class ColumnMapping
{
    private static readonly System.Buffers.SearchValues<char> _signs = System.Buffers.SearchValues.Create("*/+=\"'");
    private const string Example = "write pieces such as y=y_cm*10, plane=chamber-1 or t=\"time/ns\", with commas between them";
    private readonly Dictionary<string, MappedColumn> _columns = new(StringComparer.Ordinal);

    /// <summary>No mapping: all columns have the names that the reader knows.</summary>
    public static ColumnMapping None { get; } = new();

    /// <summary>The reader's columns that are mapped.</summary>
    public IReadOnlyDictionary<string, MappedColumn> Columns => _columns;

    /// <summary>Reads a mapping as a user writes it.</summary>
    /// <exception cref="BadInputException">A piece can't be understood; the message names it.</exception>
    public static ColumnMapping Parse(string text, string option = "--columns")
    {
        ColumnMapping mapping = new();
        foreach (string piece in Pieces(text))
        {
            string where = $"{option}, '{piece.Trim()}'";
            Match match = Piece().Match(piece);
            if (!match.Success)
            {
                throw new BadInputException(where, "this does not say which column of the file stands for which", Example);
            }

            string source = match.Groups["quoted"].Success ? match.Groups["quoted"].Value : match.Groups["plain"].Value;
            if (!match.Groups["quoted"].Success && source.AsSpan().ContainsAny(_signs))
            {
                throw new BadInputException(
                    where, "there is more than one factor or offset, or a factor behind an offset, or no number behind a sign",
                    "give one factor, then one offset, and put a column's name that holds such characters in quotes");
            }

            double factor = Number(match.Groups["factor"], 1, where);
            double offset = Number(match.Groups["shift"], 0, where) * (match.Groups["sign"].Value == "-" ? -1 : 1);
            bool divides = match.Groups["scale"].Value == "/";
            if (factor == 0)
            {
                throw new BadInputException(where, divides ? "this divides by zero" : "this makes zeros of all numbers",
                    "give another number");
            }

            string target = match.Groups["target"].Value;
            if (!mapping._columns.TryAdd(target, new(source, factor, divides, offset)))
            {
                throw new BadInputException(where, $"'{target}' is given twice", "give each column once");
            }
        }

        return mapping;
    }

    /// <summary>Refuses a mapping of a column that the reader does not know.</summary>
    internal void Check(IReadOnlyList<ColumnRequest> requests)
    {
        string[] known = [.. requests.Select(request => request.Name)];
        foreach (string target in _columns.Keys.Where(target => !known.Contains(target, StringComparer.Ordinal)))
        {
            throw new BadInputException($"--columns, '{target}'", $"there is no column '{target}' to be given",
                $"did you mean '{NearestName.Of(target, known)}'? The names before '=' are {string.Join(", ", known)}");
        }
    }

    private static List<string> Pieces(string text)
    {
        List<string> pieces = [];
        int first = 0;
        char quote = '\0';
        for (int i = 0; i <= text.Length; i++)
        {
            if (i == text.Length || (text[i] == ',' && quote == '\0'))
            {
                pieces.Add(text[first..i]);
                first = i + 1;
            }
            else if (quote != '\0' ? text[i] == quote : text[i] is '"' or '\'')
            {
                quote = quote == '\0' ? text[i] : '\0';
            }
        }

        return pieces;
    }

    private static double Number(Group group, double absent, string where)
    {
        double value = !group.Success ? absent : NumberText.TryRead(group.ValueSpan, out double given) ? given : double.NaN;
        return double.IsFinite(value) ? value : throw new BadInputException(where, $"{group.Value} is too large", "give another number");
    }

    [GeneratedRegex("""
        ^\s*(?<target>[^=*/+"',\s]+)\s*=\s*(?:(?:"(?<quoted>[^"]+)"|'(?<quoted>[^']+)')|(?<plain>\S.*?))
        (?:\s*(?<scale>[*/])\s*(?<factor>-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?))?
        (?:\s*(?<sign>[+-])\s*(?<shift>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?))?\s*$
        """, RegexOptions.ExplicitCapture | RegexOptions.IgnorePatternWhitespace, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Piece();
}

/// <summary>A column of a file and what turns its numbers into the reader's.</summary>
/// <param name="Source">Its name in the file.</param>
/// <param name="Factor">Factor, or divisor.</param>
/// <param name="Divides">Whether numbers are divided by the factor.</param>
/// <param name="Offset">What is added afterwards.</param>
internal sealed record MappedColumn(string Source, double Factor = 1, bool Divides = false, double Offset = 0)
{
    /// <summary>Whether it changes numbers at all.</summary>
    public bool IsPlain => Factor == 1 && Offset == 0;

    /// <summary>The reader's number.</summary>
    public double Of(double value) => (Divides ? value / Factor : value * Factor) + Offset;
}
