namespace Sagitta.Experiments.Validation;

/// <summary>The validation of files of Geant4 deposits, as the command line names them.</summary>
internal static class FileValidation
{
    /// <summary>Reads the deposits, one truth file for each, and compares the simulation with all of them pooled.</summary>
    /// <exception cref="BadInputException">A file is missing or breaks a rule.</exception>
    public static ValidationResult Run(
        string detectorName,
        IReadOnlyList<string> deposits,
        IReadOnlyList<string> truths,
        ValidationOptions options,
        IRunProgress progress,
        CancellationToken stop)
    {
        Detector detector = DetectorFile.Load(detectorName);
        DepositSet[] references = [.. deposits.Zip(truths, (hits, muons) => Geant4Deposits.Read(detector, hits, muons))];
        return SimulationValidation.Run(detector, references, options, progress, stop);
    }
}
