namespace Sagitta.Experiments.Endcap;

/// <summary>One event in two projections: y and x over z.</summary>
internal static class EndcapPicture
{
    private const int Points = 140;

    /// <summary>Writes the page of an event; returns a line about it.</summary>
    public static string Write(string? modelFile, EndcapInput input, long? number, string page)
    {
        EndcapEvents events = input.Read(out EndcapDetector detector);
        if (events.Count == 0)
        {
            throw new BadInputException($"'{input.Events ?? input.Deposits}'", "it holds no event", "give events");
        }

        int e = number is { } wanted ? Array.IndexOf(events.Number, wanted) : 0;
        if (e < 0)
        {
            throw new BadInputException("--event", $"there is no event {number}", string.Create(CultureInfo.InvariantCulture,
                $"give one of the input's, from {events.Number[0]} to {events.Number[^1]}"));
        }

        using EndcapNetwork? model = modelFile is null ? null : EndcapNetwork.Read(modelFile);
        EndcapReconstruction chain = new(detector, model?.Experiment.Search);
        using EndcapMemory memory = new(chain, model);
        IReadOnlyList<EndcapTrack> tracks = memory.Reconstruct(events, e);
        ReportWriter.WriteEvent(page, "Event", events.Number[e], Of(chain, events, e, tracks),
            $"{detector.Name}, {model?.Method ?? EndcapReconstructor.Classical}");
        return string.Create(CultureInfo.InvariantCulture,
            $"wrote {page}: event {events.Number[e]}, {tracks.Count(t => t.Fit.IsConverged)} tracks");
    }

    /// <summary>The picture of an event with its tracks.</summary>
    public static EventDisplay Of(EndcapReconstruction chain, EndcapEvents events, int e, IReadOnlyList<EndcapTrack> tracks)
    {
        EndcapGeometry geometry = chain.Geometry;
        EndcapTrack[] found = [.. tracks.Where(t => t.Fit.IsConverged)];
        List<DisplayHit> hits = [];
        int[] owner = new int[events.Offsets[e + 1] - events.Offsets[e]];
        foreach ((EndcapTrack track, int number) in found.Select((t, i) => (t, i + 1)))
        {
            foreach ((int first, int end) in track.Hits)
            {
                owner.AsSpan(Math.Max(first - events.Offsets[e], 0), end - first).Fill(number);
            }
        }

        for (int hit = events.Offsets[e]; hit < events.Offsets[e + 1]; hit++)
        {
            EndcapPlane plane = geometry.Planes[events.Plane[hit]];
            double[] values = [owner[hit - events.Offsets[e]] > 0 ? 1 : 0, events.HasTruth ? (events.Label[hit] >= 0 ? 1 : 0) : double.NaN];
            double u = events.U[hit] - plane.Offset;
            hits.Add(new(plane.Z, u) { Amount = events.Charge[hit], Values = values });

            // A stereo strip says where x is once its track says where y is.
            if (plane.IsStereo && owner[hit - events.Offsets[e]] is > 0 and var number)
            {
                TrackState at = found[number - 1].Fit.Track;
                (_, _, double[] y) = Trajectory(chain, at, plane.Z);
                hits.Add(new(plane.Z, (u - (y[^1] * plane.Cosine)) / plane.Sine)
                {
                    Panel = 1,
                    Amount = events.Charge[hit],
                    Values = values,
                });
            }
        }

        List<DisplayTrack> lines = [];
        void Add(string name, TrackState track, int series, LineStyle style)
        {
            (double[] z, double[] x, double[] y) = Trajectory(chain, track, geometry.Planes[^1].Z);
            lines.Add(new(name, z, y) { Series = series, Style = style, Panel = 0 });
            lines.Add(new(name, z, x) { Series = series, Style = style, Panel = 1 });
        }

        foreach (TrackState muon in events.MuonsOf(e))
        {
            Add("truth", muon, Palette.Neutral, LineStyle.Dashed);
        }

        for (int i = 0; i < found.Length; i++)
        {
            Add(string.Create(CultureInfo.InvariantCulture, $"track {i}: {found[i].Charge * found[i].P:0.0} GeV"),
                found[i].Fit.Track, i % 4,
                default);
        }

        return new([.. geometry.Planes.SelectMany(p => (DisplayPlane[])[new(p.Z), new(p.Z, 1)])], hits, string.Create(
            CultureInfo.InvariantCulture,
                $"{found.Length} tracks, {events.MuonsOf(e).Length} true muons. Above u of all strips, which is y "
                + $"but for the stereo planes; below x from the stereo strips of tracks. Lines are trajectories without scattering."))
        {
            Panels = [new("Radial"), new("Tangential", "x")],
            Stacked = true,
            Quantities = [new("in a track", "no", "yes"), new("truth", "background", "muon")],
            Tracks = lines,
        };
    }

    private static (double[] Z, double[] X, double[] Y) Trajectory(EndcapReconstruction chain, in TrackState track, double end)
    {
        FieldTransport transport = new(chain.Field, Tolerance: 1e-2);
        double start = chain.Geometry.Planes[0].Z;
        TrackState state = track;
        (List<double> zs, List<double> xs, List<double> ys) = ([start], [state.X], [state.Y]);
        for (int i = 1; i <= Points && end > start; i++)
        {
            double z = start + ((end - start) * i / Points);
            if (transport.Carry(ref state, zs[^1], z) != TransportStatus.Reached)
            {
                break;
            }

            zs.Add(z);
            xs.Add(state.X);
            ys.Add(state.Y);
        }

        return ([.. zs], [.. xs], [.. ys]);
    }
}
