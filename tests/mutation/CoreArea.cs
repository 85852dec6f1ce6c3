namespace Sagitta.Mutation;

/// <summary>A part of the numerical core whose sources are changed.</summary>
/// <param name="Name">Name in tables.</param>
/// <param name="Folders">Folders of the sources, below src.</param>
/// <param name="Tests">Folders of the tests that run for its mutants: its own, and of what is built upon it directly.</param>
internal sealed record CoreArea(string Name, string[] Folders, string[] Tests)
{
    // What writes or deletes files is not given mistakes: the area is one of readers.
    private static readonly string[] _left = ["NpzWriter", "SafeTensorsWriter", "AtomicFile", "PosixFile", "OutputStream", "RunFolder",
        "ShippedFile", "FilePart", "PartMerge", "OutputColumn"];

    /// <summary>The projects that hold the sources of areas, in the order in which they refer to each other.</summary>
    public static IEnumerable<string> ProjectsOf(IReadOnlyList<CoreArea> areas) =>
        new[] { "Sagitta.Core", "Sagitta.Autodiff", "Sagitta.Tracking" }
        .Where(project => areas.Any(area => area.Folders[0].StartsWith($"{project}/", StringComparison.Ordinal)));

    public static IReadOnlyList<CoreArea> All { get; } =
    [
        new("fit", ["Sagitta.Tracking/Fitting"], ["Tracking.Fitting", "Tracking.Endcap.Fitting", "Tracking.Tracks"]),
        new("clustering", ["Sagitta.Tracking/Clustering", "Sagitta.Tracking/Scoring"], ["Tracking.Clustering", "Tracking.Scoring",
            "Tracking.Muon.MuonWatchTests", "Tracking.Muon.MuonLossTests", "Tracking.Tracks.TrackSearchTests"]),
        new("attention", ["Sagitta.Autodiff/Kernels"], ["Autodiff.Kernels", "Autodiff.Operations"]),
        new("assignment", ["Sagitta.Autodiff/Solvers"], ["Autodiff.Solvers", "Tracking.Fitting.CircleFitTests",
            "Tracking.Fitting.ResolutionLimitTests", "Tracking.Tracks.TrackSearchTests"]),
        new("metrics", ["Sagitta.Tracking/Metrics"], ["Tracking.Metrics"]),
        new("readers", ["Sagitta.Core/Files", "Sagitta.Core/Tables"], ["Core.Files", "Core.Tables", "Physics.Events", "Fuzzing"]),
    ];

    /// <summary>Whether the area holds a source file.</summary>
    /// <param name="file">Its path from the root of the repository, with slashes.</param>
    public bool Holds(string file) => Array.Exists(Folders, folder => file.StartsWith($"src/{folder}/", StringComparison.Ordinal))
        && !_left.Contains(Path.GetFileNameWithoutExtension(file), StringComparer.Ordinal);
}
