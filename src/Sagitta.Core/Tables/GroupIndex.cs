namespace Sagitta.Core.Tables;

/// <summary>Where the groups of a table (events, frames) are: what one look at its numbers tells.</summary>
/// <param name="Count">Number of groups that count.</param>
internal sealed record GroupIndex(long Count)
{
    /// <summary>Whether groups follow each other in ascending order. Where they do not, all rows must be read at once, and
    /// <see cref="Count"/> is 0 until somebody has.</summary>
    public bool Ascends { get; init; } = true;

    /// <summary>Places to begin at: groups that count before a row with which a group begins. The first is the first row.</summary>
    public IReadOnlyList<(long Group, long Row)> Marks { get; init; } = [(0, 0)];

    /// <summary>A column of whole numbers that tells which rows count; null where all do, as in a file without it.</summary>
    public (string Column, Func<long, bool> Counts)? Rule { get; init; }

    /// <summary>Whether the quick look was enough: in text each line is a row.</summary>
    public bool IsPlain { get; init; }

    /// <summary>What was noted about the whole file.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>What is read of a file for one part of a result: groups that follow each other.</summary>
/// <param name="Index">Where they are.</param>
/// <param name="First">Groups before them.</param>
/// <param name="Count">Their number.</param>
/// <param name="Part">The part that is made of them.</param>
internal sealed record ReadShare(GroupIndex Index, long First, long Count, FilePart Part)
{
    /// <summary>The group behind the last one; none where the share goes to the end of the file.</summary>
    public long End => First + Count == Index.Count ? long.MaxValue : First + Count;

    /// <summary>Tells arrays whose checksums this part compares: those of each array are one part's, which reads it to its end. Without a
    /// share they are all compared.</summary>
    public static void Begin(ReadShare? share, IReadOnlyList<NpzPieces> arrays)
    {
        for (int i = 0; i < arrays.Count; i++)
        {
            arrays[i].IsCompared = share is null || i % share.Part.Count == share.Part.Number - 1;
        }
    }

    /// <summary>Reads to their ends the arrays whose checksums are compared.</summary>
    public static void Finish(IEnumerable<NpzPieces> arrays)
    {
        foreach (NpzPieces array in arrays.Where(array => array.IsCompared))
        {
            array.Skip();
        }
    }
}
