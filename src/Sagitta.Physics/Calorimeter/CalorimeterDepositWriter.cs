namespace Sagitta.Physics.Calorimeter;

/// <summary>Writes passages as a table by the ending of the name: the columns that <see cref="CalorimeterDepositReader"/> reads.</summary>
internal static class CalorimeterDepositWriter
{
    /// <summary>Writes a file whole or not at all. In CSV, positions have four decimals and deposits five digits; the beam's spot is at
    /// 0.</summary>
    public static void Write(string path, CalorimeterDeposits deposits) => TableFile.Write(path,
        [
            OutputColumn.Of("eventID", "", deposits.EventNumber),
            OutputColumn.Of("trackID", "", deposits.Track),
            OutputColumn.Of("parentID", "", deposits.Parent),
            OutputColumn.Of("pdg", "", deposits.Particle),
            OutputColumn.Of("layer", "", deposits.Layer),
            OutputColumn.Of("posX", "mm", deposits.X, "F4"),
            OutputColumn.Of("posY", "mm", deposits.Y, "F4"),
            OutputColumn.Of("posZ", "mm", deposits.Z, "F4"),
            OutputColumn.Of("edep", "MeV", deposits.Energy, "G5"),
            OutputColumn.Of("spotX", "mm", new double[deposits.Count], "F1"),
            OutputColumn.Of("spotY", "mm", new double[deposits.Count], "F1"),
        ]);
}
