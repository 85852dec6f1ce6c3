namespace Sagitta.Reports.Displays;

/// <summary>Tracks that are chains of hits, in two projections: what was found, and what of it is wrong (joins hits that no true track
/// joins) or missed.</summary>
internal static class SegmentDisplay
{
    /// <summary>Draws hits and tracks.</summary>
    /// <param name="hits">All hits.</param>
    /// <param name="trueTracks">For each true track its hits in order, as indices into the hits; empty if the truth is not known.</param>
    /// <param name="foundTracks">For each found track its hits in order.</param>
    /// <param name="caption">With the inline notation of <see cref="Paragraph"/>.</param>
    public static EventDisplay Of(IReadOnlyList<SpaceHit> hits, IReadOnlyList<IReadOnlyList<int>> trueTracks,
        IReadOnlyList<IReadOnlyList<int>> foundTracks, string caption)
    {
        HashSet<(int, int)> found = Segments(foundTracks);
        HashSet<(int, int)> real = Segments(trueTracks);
        bool judged = trueTracks.Count > 0;
        int right = found.Count(real.Contains);
        List<DisplayTrack> tracks = [];
        List<DisplayHit> drawn = [];
        for (int panel = 0; panel < 2; panel++)
        {
            double Across(int hit) => panel == 0 ? hits[hit].X : hits[hit].Y;
            void Add(string group, int series, LineStyle style, IReadOnlyList<int> track, int number, string name,
                Func<int, int, bool> wanted)
            {
                (double[] z, double[] y) = Line(hits, Across, track, wanted);
                if (z.Length > 0)
                {
                    tracks.Add(new(name, z, y) { Panel = panel, Group = group, Series = series, Style = style, Number = number });
                }
            }

            for (int t = 0; t < trueTracks.Count; t++)
            {
                Add("true", Palette.Neutral, LineStyle.Solid, trueTracks[t], -1, $"true track {t}", static (_, _) => true);
                Add("missed", 4, LineStyle.Dashed, trueTracks[t], -1, $"missed segment of true track {t}",
                    (a, b) => !found.Contains(Segment(a, b)));
            }

            for (int t = 0; t < foundTracks.Count; t++)
            {
                string name = $"found track {t}, {foundTracks[t].Count} hits";
                Add("found", 0, LineStyle.Solid, foundTracks[t], t, name, (a, b) => !judged || real.Contains(Segment(a, b)));
                Add("wrong", 1, LineStyle.Solid, foundTracks[t], t, name + ", joins different true tracks",
                    (a, b) => judged && !real.Contains(Segment(a, b)));
            }

            drawn.AddRange(hits.Select((hit, i) =>
                new DisplayHit(hit.Z, Across(i)) { Panel = panel, Amount = hit.Amount, Title = hit.Title }));
        }

        return new([], drawn, caption)
        {
            Panels = [new("", "x"), new("", "y")],
            Stacked = true,
            HitWidth = 3.2,
            Tracks = tracks,
            Groups = judged
                ?
                [
                    new("found", $"right ({right})", 0), new("wrong", $"wrong ({found.Count - right})", 1),
                    new("missed", $"missed ({real.Count - right})", 4) { Style = LineStyle.Dashed },
                    new("true", "true tracks", Palette.Neutral) { Shown = false },
                ]
                : [new("found", $"found ({found.Count})", 0)],
        };
    }

    // The wanted segments of a track, with a gap (NaN) where one is left out.
    private static (double[] Z, double[] Y) Line(IReadOnlyList<SpaceHit> hits, Func<int, double> across, IReadOnlyList<int> track,
        Func<int, int, bool> wanted)
    {
        List<double> z = [];
        List<double> y = [];
        int last = -1;
        for (int i = 1; i < track.Count; i++)
        {
            (int a, int b) = (track[i - 1], track[i]);
            if (!wanted(a, b))
            {
                continue;
            }

            if (last != a)
            {
                z.AddRange(z.Count > 0 ? [hits[a].Z, hits[a].Z] : [hits[a].Z]);
                y.AddRange(y.Count > 0 ? [double.NaN, across(a)] : [across(a)]);
            }

            z.Add(hits[b].Z);
            y.Add(across(b));
            last = b;
        }

        return ([.. z], [.. y]);
    }

    private static HashSet<(int, int)> Segments(IReadOnlyList<IReadOnlyList<int>> tracks) =>
        [.. tracks.SelectMany(track => track.Skip(1).Select((hit, i) => Segment(track[i], hit)))];

    // A segment is the same in either direction.
    private static (int, int) Segment(int a, int b) => a < b ? (a, b) : (b, a);
}

/// <summary>A hit in space, mm, with z along the beam; its charge or energy in any unit, and what the reader is told of it.</summary>
internal readonly record struct SpaceHit(double X, double Y, double Z, double Amount, string Title);
