using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace Sagitta.Experiments.Calorimeter.Imaging;

/// <summary>Writes a picture as PNG (ISO/IEC 15948): eight bits a colour, no filter.</summary>
internal static class PortableImage
{
    /// <summary>Writes a picture whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="colour">Colour of a column and a row, the highest row 0, as #rrggbb.</param>
    public static void Write(string path, int width, int height, Func<int, int, string> colour)
    {
        byte[] rows = new byte[height * (1 + (3 * width))];
        int at = 0;
        for (int row = 0; row < height; row++)
        {
            at++;
            for (int column = 0; column < width; column++)
            {
                Convert.FromHexString(colour(column, row).AsSpan(1), rows.AsSpan(at, 3), out _, out _);
                at += 3;
            }
        }

        using MemoryStream data = new();
        using (ZLibStream deflate = new(data, CompressionLevel.Optimal, leaveOpen: true))
        {
            deflate.Write(rows);
        }

        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, 2);
        AtomicFile.Write(path, stream =>
        {
            stream.Write([0x89, .. "PNG\r\n\u001a\n"u8]);
            Chunk(stream, "IHDR"u8, header);
            Chunk(stream, "IDAT"u8, data.ToArray());
            Chunk(stream, "IEND"u8, []);
        });
    }

    private static void Chunk(Stream stream, ReadOnlySpan<byte> name, byte[] content)
    {
        byte[] word = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(word, content.Length);
        stream.Write(word);
        byte[] checkedPart = [.. name, .. content];
        stream.Write(checkedPart);
        BinaryPrimitives.WriteUInt32BigEndian(word, Crc32.HashToUInt32(checkedPart));
        stream.Write(word);
    }
}
