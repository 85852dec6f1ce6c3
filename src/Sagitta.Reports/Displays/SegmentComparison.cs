namespace Sagitta.Reports.Displays;

/// <summary>Assigned segments against true ones.</summary>
internal sealed class SegmentComparison
{
    private readonly HashSet<(int, int)> _assigned = [];
    private readonly HashSet<(int, int)> _true = [];

    private SegmentComparison()
    {
    }

    /// <summary>Assigned segments that are true ones.</summary>
    public int Right { get; private set; }

    /// <summary>Assigned segments that are not.</summary>
    public int Wrong { get; private set; }

    /// <summary>True segments that were not assigned.</summary>
    public int Missed { get; private set; }

    public static SegmentComparison Of(LayerDisplay display)
    {
        SegmentComparison comparison = new();
        Collect(display.AssignedTracks, comparison._assigned);
        Collect(display.TrueTracks, comparison._true);
        foreach ((int, int) segment in comparison._assigned)
        {
            if (comparison._true.Contains(segment))
            {
                comparison.Right++;
            }
            else
            {
                comparison.Wrong++;
            }
        }

        comparison.Missed = comparison._true.Count - comparison.Right;
        return comparison;
    }

    /// <summary>Whether the segment between two hits was assigned.</summary>
    public bool IsAssigned(int a, int b) => _assigned.Contains(Key(a, b));

    /// <summary>Whether the segment between two hits is not one of a true track.</summary>
    public bool IsWrong(int a, int b) => !_true.Contains(Key(a, b));

    private static void Collect(IReadOnlyList<IReadOnlyList<int>> tracks, HashSet<(int, int)> segments)
    {
        foreach (IReadOnlyList<int> track in tracks)
        {
            for (int i = 1; i < track.Count; i++)
            {
                segments.Add(Key(track[i - 1], track[i]));
            }
        }
    }

    // A segment is the same in either direction.
    private static (int, int) Key(int a, int b) => a < b ? (a, b) : (b, a);
}
