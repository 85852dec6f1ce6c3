using System.IO.Compression;

namespace Sagitta.Tests.Tracking.Alignment;

/// <summary>A problem of data/alignment-golden: measurements, and what pede and a least squares in numpy made of them.</summary>
internal sealed class GoldenAlignment
{
    public const int Planes = 16;
    private readonly string _folder;
    private readonly string _name;

    public GoldenAlignment(string folder, int problem, string weights, int tracks)
    {
        _folder = folder;
        _name = $"problem{problem}_{weights}_{tracks}";
        Detector detector = DetectorFile.Load("toy16");
        double[] scattering = weights == "a" ? [] : [.. Rows("scattering_covariance.csv", skip: 0).SelectMany(row => row.Select(Number))];
        Model = new CircleAlignment([.. detector.Planes.Select(plane => plane.Z)], [.. detector.Planes.Select(plane => plane.Station)], 1,
            scattering, []);
        string[][] rows = [.. Rows($"problem{problem}_measured_{tracks}.csv.gz", skip: 1)];
        int first = problem == 3 ? 3 : 2;
        Tracks = new()
        {
            Y = [.. rows.SelectMany(row => row.Skip(first).Select(Number))],
            Sigma = [.. Enumerable.Repeat(0.1, rows.Length * Planes)],
            Presence = [.. Enumerable.Repeat(1.0, rows.Length * Planes)],
            KnownQOverPt = problem == 3
                ? [.. rows.Select(row => Math.Sign(Number(row[2])) / Math.Round(1 / Math.Abs(Number(row[2]))))] : [],
        };
        Free = [.. Enumerable.Range(0, problem == 2 ? 2 * Planes : Planes)];
        Constraints = [.. Model.Patterns[0].Take(problem == 3 ? 2 : 3)];
        if (problem == 2)
        {
            Constraints = [.. Constraints, .. Model.Patterns[1].Take(2)];
        }
    }

    public AlignmentModel Model { get; }

    public AlignmentTracks Tracks { get; }

    public int[] Free { get; }

    public AlignmentConstraint[] Constraints { get; }

    public string[][] Start => [.. Rows($"start_{_name}.csv", skip: 1)];

    public string[][] Modes => [.. Rows($"modes_{_name}.csv", skip: 1)];

    public string[][] Fitted => [.. Rows($"tracks_{_name}.csv", skip: 1)];

    public string[][] Result => [.. Rows($"result_{_name}.csv", skip: 1)];

    public static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>Repeated linearisation until no shift moves by more than 1e-10 mm.</summary>
    public (double[] Values, AlignmentSolution Solution, AlignmentSum Sum) Solve(WorkerThreads threads)
    {
        double[] values = new double[(2 * Planes) + 1];
        for (int i = 0; i < 10; i++)
        {
            var sum = AlignmentSum.Of(Model, Tracks, values, new(), threads);
            AlignmentSolution solution = AlignmentSolution.Of(sum, Free, Constraints, values)!;
            values = [.. values.Zip(solution.Step, (a, b) => a + b)];
            if (solution.Step.Max(Math.Abs) < 1e-10)
            {
                return (values, solution, sum);
            }
        }

        throw new InvalidOperationException("The shifts still move after ten steps.");
    }

    private IEnumerable<string[]> Rows(string file, int skip)
    {
        using Stream stream = File.OpenRead(Path.Combine(_folder, file));
        using Stream plain = file.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(stream, CompressionMode.Decompress) : stream;
        using StreamReader reader = new(plain);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(skip).Select(line => line.Trim().Split(','))];
    }
}
