using System.IO.Compression;
using System.Text;

namespace Sagitta.Physics.Calorimeter;

/// <summary>Writes passages as CSV, gzipped where the name ends so: the columns that <see cref="CalorimeterDepositReader"/>
/// reads.</summary>
internal static class CalorimeterDepositWriter
{
    /// <summary>Header line: positions in mm with four decimals, the deposit in MeV with five digits, the beam's spot at 0.</summary>
    public const string Header = "eventID,trackID,parentID,pdg,layer,posX,posY,posZ,edep,spotX,spotY";

    /// <summary>Writes a file whole or not at all.</summary>
    public static void Write(string path, CalorimeterDeposits deposits) => AtomicFile.Write(path, file =>
    {
        if (path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
        {
            using GZipStream zipped = new(file, CompressionLevel.Optimal, leaveOpen: true);
            WriteRows(deposits, zipped);
        }
        else
        {
            WriteRows(deposits, file);
        }
    });

    private static void WriteRows(CalorimeterDeposits deposits, Stream stream)
    {
        using StreamWriter writer = new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1 << 16, leaveOpen: true);
        writer.Write(Header);
        writer.Write('\n');
        for (int i = 0; i < deposits.Count; i++)
        {
            writer.Write(string.Create(CultureInfo.InvariantCulture,
                $"{deposits.EventNumber[i]},{deposits.Track[i]},{deposits.Parent[i]},{deposits.Particle[i]},{deposits.Layer[i]},"
                    + $"{deposits.X[i]:F4},{deposits.Y[i]:F4},{deposits.Z[i]:F4},{deposits.Energy[i]:G5},0.0,0.0\n"));
        }
    }
}
