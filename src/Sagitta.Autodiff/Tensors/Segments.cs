namespace Sagitta.Autodiff.Tensors;

/// <summary>
/// Borders of consecutive groups of rows: group g holds rows <c>Offsets[g] .. Offsets[g + 1] - 1</c>; a group may be empty.
/// The object is reused from step to step; it grows when it must.
/// </summary>
internal sealed class Segments
{
    private int[] _offsets = [0];

    /// <summary>No groups.</summary>
    public Segments()
    {
    }

    /// <summary>Groups with the given borders (first 0, not decreasing).</summary>
    public Segments(ReadOnlySpan<int> offsets) => Set(offsets);

    /// <summary>Number of groups.</summary>
    public int Count { get; private set; }

    /// <summary>Number of rows in all groups.</summary>
    public int Rows => _offsets[Count];

    /// <summary>Count + 1 borders.</summary>
    public ReadOnlySpan<int> Offsets => _offsets.AsSpan(0, Count + 1);

    /// <summary>Forgets all groups.</summary>
    public void Clear() => Count = 0;

    /// <summary>Appends a group of <paramref name="rows"/> rows.</summary>
    public void Append(int rows)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        if (Count + 2 > _offsets.Length)
        {
            Array.Resize(ref _offsets, Math.Max(16, _offsets.Length * 2));
        }

        _offsets[Count + 1] = _offsets[Count] + rows;
        Count++;
    }

    /// <summary>Replaces all borders.</summary>
    public void Set(ReadOnlySpan<int> offsets)
    {
        if (offsets.IsEmpty || offsets[0] != 0)
        {
            throw new ArgumentException("Segment offsets begin with 0.", nameof(offsets));
        }

        for (int i = 1; i < offsets.Length; i++)
        {
            if (offsets[i] < offsets[i - 1])
            {
                throw new ArgumentException($"Segment offsets must not decrease, but offset {i} is {offsets[i]} after {offsets[i - 1]}.",
                    nameof(offsets));
            }
        }

        if (offsets.Length > _offsets.Length)
        {
            _offsets = new int[Math.Max(offsets.Length, _offsets.Length * 2)];
        }

        offsets.CopyTo(_offsets);
        Count = offsets.Length - 1;
    }
}
