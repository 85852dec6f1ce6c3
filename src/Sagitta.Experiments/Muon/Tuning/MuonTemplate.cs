namespace Sagitta.Experiments.Muon.Tuning;

/// <summary>"sagitta init muon": an experiment for a detector of one's own, to be edited, tuned and trained.</summary>
internal static class MuonTemplate
{
    private const int CalibrationEvents = 1000;

    /// <summary>An experiment for a detector: gates of the classical method that suit it, errors of clusters calibrated on simulated muons,
    /// and a training of some minutes.</summary>
    /// <param name="detectorFile">How the experiment names the detector: a shipped name or a path.</param>
    /// <param name="threads">Threads to simulate with; the result does not depend on them.</param>
    public static MuonExperiment For(string detectorFile, WorkerThreads threads)
    {
        Detector detector = DetectorFile.Load(detectorFile);
        ClusterResolution resolution = new ClusterCalibration(detector, CalibrationEvents, threads).Run(new());
        return new()
        {
            Detector = detectorFile,
            Data = new() { Training = 16_000, Validation = 2_000, Test = 5_000, WithoutMuon = 1_000, Spectrum = 2_000 },
            Graph = new() { RoadSigma = detector.Readout.RoadResolution },
            Clustering = new() { Resolution = resolution },
            Classical = ClassicalOptions.For(detector),
            RobustScale = 2,
            Loss = new()
            {
                Fit = 0.1,
                EventClip = 0.033,
                Likelihood = 0.033,
                Sharpness = 4,
                HalfWeightLogit = 4,
                WarmUpStart = 0.2,
                WarmUpLength = 0.2,
            },
            Training = new() { Epochs = 6, ClipNorm = 3 },
        };
    }

    /// <summary>Writes experiment.yaml into a folder, every field with its comment, and returns its path; an existing one is
    /// kept.</summary>
    /// <exception cref="BadInputException">There is no such detector, or the file exists.</exception>
    public static string Create(string detector, string folder, int threadCount)
    {
        string file = Path.Combine(folder, "experiment.yaml");
        if (File.Exists(file))
        {
            throw new BadInputException($"'{file}'", "it exists already", "remove it, or give another folder");
        }

        using WorkerThreads threads = new(threadCount);
        MuonExperiment experiment = For(File.Exists(detector) ? Path.GetFullPath(detector) : detector, threads);
        string text = $"# Muons in the detector {detector}. Every field is here: change what you like.\n"
            + ExperimentTemplate.Write(experiment);
        AtomicFile.WriteText(file, text);
        return file;
    }
}
