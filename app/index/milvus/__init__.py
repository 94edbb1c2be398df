"""The index that lives in Milvus."""
