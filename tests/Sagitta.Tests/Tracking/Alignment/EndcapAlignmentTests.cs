namespace Sagitta.Tests.Tracking.Alignment;

/// <summary>Alignment of the endcap on simulated muons of displaced planes, hits chosen by the classical method.</summary>
public sealed class EndcapAlignmentTests
{
    private static readonly EndcapDetector _nominal = EndcapDetector.Load("endcap");
    private static readonly Lazy<EndcapEvents> _displaced = new(() => Simulate(Shifts(), 300));

    [Fact]
    public void Displaced_planes_are_found_within_their_errors_and_weak_modes_are_named()
    {
        AlignmentResult result = Align(_displaced.Value, new());
        Assert.Null(result.Problem);
        Assert.Contains("sagitta", result.Modes.Select(mode => mode.Name));
        Assert.Contains("shift along y", result.Modes.Select(mode => mode.Name));
        double[] left = Left(result, held: 5);
        Assert.All(left, value => Assert.InRange(value, -0.04, 0.04));
        double[] pulls = [.. left.Select((value, i) => value / result.Error(i))];
        Assert.InRange(Math.Sqrt(pulls.Average(pull => pull * pull)), 0.5, 1.7);
        Assert.True(result.After.ChiSquare < 0.8 * result.Before.ChiSquare);
    }

    [Fact]
    public void Known_momenta_fix_the_sagitta()
    {
        EndcapEvents events = _displaced.Value;
        AlignmentResult result = new EndcapAlignment(_nominal, null, new(), Threads()).Run(events, (e, track) =>
        {
            double found = track.Fit.Track.QOverP;
            return events.MuonsOf(e).ToArray().Select(muon => muon.QOverP).Where(q => Math.Abs(q - found) < 0.01 + (0.25 * Math.Abs(q)))
                .DefaultIfEmpty(double.NaN).MinBy(q => Math.Abs(q - found));
        }, CancellationToken.None);
        Assert.Null(result.Problem);
        Assert.DoesNotContain("sagitta", result.Constraints.Select(constraint => constraint.Name));
        Assert.All(Left(result, held: 4), value => Assert.InRange(value, -0.08, 0.08));
    }

    [Fact]
    public void Planes_that_are_turned_about_z_are_found()
    {
        double[] values = new double[73];
        double[] turns = [.. Enumerable.Range(0, 24).Select(i => 0.6 * Math.Sin(3 * i))];
        turns.CopyTo(values, 48);
        AlignmentResult result = Align(Simulate(values, 300), new() { Turns = true });
        Assert.Null(result.Problem);
        double left = Rms(Without(result.Model.Patterns[2], 48, [.. turns.Select((turn, i) => result.Values[48 + i] - turn)]));
        Assert.True(left < 0.6 * Rms(turns), $"{left} of {Rms(turns)} mrad are left");
    }

    [Fact]
    public void An_aligned_file_reads_as_the_moved_detector_and_its_offsets_are_in_simulated_hits_once()
    {
        EndcapDetector moved = EndcapAlignmentModel.Moved(_nominal, Shifts());
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.File("aligned.yaml"), moved.Write("endcap", Path.GetDirectoryName(folder.File("aligned.yaml"))!));
        EndcapDetector read = EndcapDetector.Load(folder.File("aligned.yaml"));
        Assert.Equal(moved.Planes.Select(plane => (plane.Z, plane.Offset)), read.Planes.Select(plane => (plane.Z, plane.Offset)));
        EndcapEvents straight = Simulate(new double[73], 40);
        EndcapEvents displaced = Simulate(Shifts(), 40);
        Assert.Equal(straight.Muons, displaced.Muons);
        for (int e = 0; e < straight.Count; e++)
        {
            for (int plane = 0; plane < 24; plane++)
            {
                double[] Mean(EndcapEvents events) => [.. Enumerable.Range(events.Offsets[e], events.Offsets[e + 1] - events.Offsets[e])
                    .Where(hit => events.Plane[hit] == plane && events.Label[hit] == 0).Select(hit => (double)events.U[hit])];
                (double[] a, double[] b) = (Mean(straight), Mean(displaced));
                if (a.Length > 0 && a.Length == b.Length)
                {
                    Assert.Equal(moved.Planes[plane].Offset, b.Average() - a.Average(), 1e-3);
                }
            }
        }
    }

    private static double[] Shifts()
    {
        double[] values = new double[73];
        for (int i = 0; i < 24; i++)
        {
            values[i] = 0.15 * Math.Sin((7 * i) + 1);
        }

        return values;
    }

    private static double Rms(double[] values) => Math.Sqrt(values.Average(value => value * value));

    private static WorkerThreads Threads() => new(2);

    private static EndcapEvents Simulate(double[] values, int count)
    {
        EndcapDetector detector = EndcapAlignmentModel.Moved(_nominal, values);
        return EndcapDigitiser.Digitise(new(detector), EndcapSimulation.Deposits(detector, new(), 4, 0, count),
            new() { Background = new() { KHzPerCm2 = [5] } }, 4);
    }

    private static AlignmentResult Align(EndcapEvents events, AlignmentOptions options)
    {
        using WorkerThreads threads = Threads();
        return new EndcapAlignment(_nominal, null, options, threads).Run(events, null, CancellationToken.None);
    }

    // What is wrong with shifts along u outside of the patterns that were held.
    private static double[] Left(AlignmentResult result, int held)
    {
        return Without(result.Model.Patterns[0].Take(held), 0, [.. result.Values.Take(24).Zip(Shifts(), (found, real) => found - real)]);
    }

    private static double[] Without(IEnumerable<AlignmentConstraint> patterns, int first, double[] left)
    {
        foreach (double[] unit in AlignmentConstraint.Orthonormal(patterns.Select(pattern => pattern.Factors[first..(first + 24)])))
        {
            double part = unit.Zip(left, (a, b) => a * b).Sum();
            left = [.. left.Zip(unit, (a, b) => a - (part * b))];
        }

        return left;
    }
}
