using System.Text;

namespace Sagitta.Core.Tables;

/// <summary>The values of one column as they come out of a file, checked and mapped. Nothing is kept for each cell but its
/// number.</summary>
internal sealed class ColumnBuffer(ColumnRequest request, MappedColumn mapped)
{
    // Above this, neighbouring whole numbers are no longer told apart by a double.
    private const double LargestExact = 1L << 53;
    private Dictionary<string, int> _codes = new(StringComparer.Ordinal);
    private List<string> _names = [];
    private double[] _numbers = [];
    private long[] _wholes = [];
    private int[] _code = [];

    /// <summary>What was asked for.</summary>
    public ColumnRequest Request => request;

    /// <summary>The column of the file that it comes from.</summary>
    public string Source => mapped.Source;

    /// <summary>Rows that are here.</summary>
    public int Count { get; private set; }

    /// <summary>Rows that were taken out before these.</summary>
    public long Taken { get; private set; }

    /// <summary>The numbers.</summary>
    public double[] Numbers => Trim(ref _numbers);

    /// <summary>The whole numbers.</summary>
    public long[] Wholes => Trim(ref _wholes);

    /// <summary>The names: an index for each row, and what the indices stand for.</summary>
    public NameColumn Names => new(Trim(ref _code), _names);

    /// <summary>One of the whole numbers.</summary>
    public long WholeAt(int row) => _wholes[row];

    /// <summary>Takes the first rows out as a buffer of their own; those behind them stay.</summary>
    public ColumnBuffer Take(int count)
    {
        ColumnBuffer first = new(request, mapped) { _codes = _codes, _names = _names, Count = count, Taken = Taken };
        (Count, Taken) = (Count - count, Taken + count);
        first._numbers = Cut(_numbers, count);
        first._wholes = Cut(_wholes, count);
        first._code = Cut(_code, count);
        return first;
    }

    /// <summary>Counts rows that were passed over, while none are here.</summary>
    public void Skip(long rows) => Taken += rows;

    /// <summary>Adds a text; returns what is wrong with it, or null.</summary>
    public string? Add(ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> trimmed = text.Trim(" \t"u8);
        if (request.Kind == ColumnKind.Name && mapped.IsPlain)
        {
            return trimmed.IsEmpty ? "the field is empty, which is no name" : AddName(Encoding.UTF8.GetString(trimmed));
        }

        if (trimmed.IsEmpty)
        {
            return request.MayBeUnknown ? AddNumber(double.NaN) : "the field is empty, which is not a number";
        }

        if (request.Kind != ColumnKind.Number && NumberText.TryRead(trimmed, out long whole))
        {
            return Add(whole);
        }

        if (NumberText.TryRead(trimmed, out double value))
        {
            return Add(value);
        }

        string shown = TableSource.Shown(Encoding.UTF8.GetString(trimmed));
        return shown.Contains(',', StringComparison.Ordinal)
            ? $"'{shown}' is not a number (decimal comma, or thousands set apart: write 20.5 and 1234)"
            : $"'{shown}' is not a number";
    }

    /// <summary>Adds a whole number; returns what is wrong with it, or null.</summary>
    public string? Add(long value)
    {
        if (!mapped.IsPlain)
        {
            return mapped.Factor == 1 && request.Kind != ColumnKind.Number && mapped.Offset == Math.Floor(mapped.Offset)
                && Math.Abs(mapped.Offset) < LargestExact && Int128.Abs(value) < long.MaxValue / 2
                ? AddWhole(value + (long)mapped.Offset)
                : request.Kind != ColumnKind.Number && Int128.Abs(value) >= (long)LargestExact
                ? $"{value} is too large to be converted exactly" : Add((double)value);
        }

        return request.Kind == ColumnKind.Number ? Add((double)value) : AddWhole(value);
    }

    /// <summary>Adds a number; returns what is wrong with it, or null.</summary>
    public string? Add(double value)
    {
        double own = mapped.Of(value);
        if (!double.IsFinite(own) || request.Kind == ColumnKind.Number)
        {
            return request.Problem(own) ?? AddNumber(own);
        }

        // From here on a number may stand for a neighbour that it was rounded from.
        return own == Math.Floor(own) && Math.Abs(own) < LargestExact ? AddWhole((long)own)
            : string.Create(CultureInfo.InvariantCulture, $"{own} is not a whole number")
                + (Math.Abs(own) >= LargestExact ? " that is exact (write it without point or exponent, below 2^63)" : "");
    }

    private static void Grow<T>(ref T[] values, int count)
    {
        if (count >= values.Length)
        {
            Array.Resize(ref values, Math.Max(1024, 2 * values.Length));
        }
    }

    private string? AddWhole(long value)
    {
        if (request.Problem(value) is { } problem)
        {
            return problem;
        }

        if (request.Kind == ColumnKind.Name)
        {
            return AddName(value.ToString(CultureInfo.InvariantCulture));
        }

        Grow(ref _wholes, Count);
        _wholes[Count++] = value;
        return null;
    }

    private string? AddNumber(double value)
    {
        Grow(ref _numbers, Count);
        _numbers[Count++] = value;
        return null;
    }

    private string? AddName(string name)
    {
        if (!_codes.TryGetValue(name, out int code))
        {
            code = _names.Count;
            _codes.Add(name, code);
            _names.Add(name);
        }

        Grow(ref _code, Count);
        _code[Count++] = code;
        return null;
    }

    private T[] Cut<T>(T[] values, int count)
    {
        if (values.Length == 0)
        {
            return values;
        }

        T[] first = values[..count];
        Array.Copy(values, count, values, 0, Count);
        return first;
    }

    private T[] Trim<T>(ref T[] values)
    {
        Array.Resize(ref values, Count);
        return values;
    }
}

/// <summary>A column of names: for each row an index into the distinct names.</summary>
/// <param name="Code">Per row: index of its name.</param>
/// <param name="Names">Distinct names in order of first appearance.</param>
internal sealed record NameColumn(int[] Code, IReadOnlyList<string> Names);
