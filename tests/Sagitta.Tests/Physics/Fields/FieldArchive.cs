using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;

namespace Sagitta.Tests.Physics.Fields;

/// <summary>Writes archives of arrays of any shape as NumPy does.</summary>
internal static class FieldArchive
{
    public static void Write(string path, params (string Name, string Type, Array Values, string Shape)[] arrays)
    {
        using ZipArchive archive = ZipFile.Open(path, ZipArchiveMode.Create);
        foreach ((string name, string type, Array values, string shape) in arrays)
        {
            string header = $"{{'descr': '{type}', 'fortran_order': False, 'shape': {shape}, }}".PadRight(117) + "\n";
            using Stream stream = archive.CreateEntry(name + ".npy", CompressionLevel.NoCompression).Open();
            stream.Write([0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0, (byte)header.Length, 0]);
            stream.Write(Encoding.ASCII.GetBytes(header));
            stream.Write(type == "<f8" ? MemoryMarshal.AsBytes<double>((double[])values) : MemoryMarshal.AsBytes<float>((float[])values));
        }
    }
}
